SELECT w0_."Id" AS "Id_0", w0_."Name" AS "Name_1", w0_."Quantity" AS "Quantity_2"
FROM "Widgets" AS w0_
WHERE w0_."Id" IN ($1, $2, $3, $4, $5)
ORDER BY w0_."Id"
FOR UPDATE;

SELECT w."Id", w."Name", p."PartNumber"
FROM "Widgets" AS w
INNER JOIN "Widget_Parts" AS p ON p."WidgetId" = w."Id"
WHERE p."PartNumber" = ANY ($1)
ORDER BY w."Id"
FOR UPDATE OF w;

UPDATE "Widgets" AS w SET "Quantity" = $1, "RowVersion" = "RowVersion" + 1 WHERE w."Id" = $2;
