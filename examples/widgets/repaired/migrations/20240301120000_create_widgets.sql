CREATE TABLE "Widgets" (
  "Id" uuid NOT NULL,
  "Name" character varying(200) NOT NULL,
  "Quantity" integer NOT NULL DEFAULT 0,
  "RowVersion" bigint NOT NULL DEFAULT 0,
  CONSTRAINT "PK_Widgets" PRIMARY KEY ("Id")
);

CREATE TABLE "Widget_Parts" (
  "Id" uuid NOT NULL,
  "WidgetId" uuid NOT NULL,
  "PartNumber" character varying(40) NOT NULL,
  CONSTRAINT "PK_Widget_Parts" PRIMARY KEY ("Id"),
  CONSTRAINT "FK_Widget_Parts_Widgets_WidgetId" FOREIGN KEY ("WidgetId")
    REFERENCES "Widgets" ("Id") ON DELETE CASCADE
);

CREATE INDEX "IX_Widget_Parts_WidgetId" ON "Widget_Parts" ("WidgetId");
