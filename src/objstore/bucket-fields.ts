import type { FieldsElsewhere } from '../support/shape';

const OF_BUCKET = ['ca', 'credentials', 'clientCertificate', 'bucket', 'endpoint'];
const SOURCES = ['objstore', 'objectStorage', 'objstoreConfig'];

function saying(fields: readonly string[], text: (field: string) => string): FieldsElsewhere {
  return Object.fromEntries(fields.map((field) => [field, text(field)]));
}

/** What is said of the bucket's fields on a component that opens the bucket. */
export const OF_OBJSTORE = saying(
  OF_BUCKET,
  (field) => `; it belongs to the bucket. Give ${field} in objstore of the stack, or to the ObjstoreConfig`,
);

/** What is said of them, and of the bucket, on a component that never opens it. */
export const NOT_OF_THIS = saying(
  [...OF_BUCKET, ...SOURCES],
  (field) =>
    `: this component never opens the bucket, and gets neither its CA nor its keys. ${
      SOURCES.includes(field)
        ? 'Give the bucket to the stack, or to the components that open it'
        : `Give ${field} in objstore of the stack, or to the ObjstoreConfig of the components that open it`
    }`,
);
