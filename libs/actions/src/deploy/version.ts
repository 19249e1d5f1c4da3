/** Stands in every record, so that a later version can tell who wrote it. */
export const toolVersion = "0.1.0";
