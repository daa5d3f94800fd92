UPDATE rooms SET label = floor || '-' || id;
