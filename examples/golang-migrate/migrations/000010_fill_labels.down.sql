UPDATE rooms SET label = NULL;
