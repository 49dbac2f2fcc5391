// Numbers of Parquet's specification (parquet-format, parquet.thrift): enumerations, and fields of structures.

export const TYPE = { BOOLEAN: 0, INT32: 1, INT64: 2, BYTE_ARRAY: 6 } as const
export type PhysicalType = (typeof TYPE)[keyof typeof TYPE]

export const REPETITION = { REQUIRED: 0, OPTIONAL: 1, REPEATED: 2 } as const
export const CONVERTED = { UTF8: 0, MAP: 1, MAP_KEY_VALUE: 2 } as const
export const LOGICAL = { STRING: 1, MAP: 2, TIMESTAMP: 8 } as const
export const TIMESTAMP = { isAdjustedToUtc: 1, unit: 2 } as const
export const TIME_UNIT = { NANOS: 3 } as const

export const ENCODING = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const
export type Encoding = (typeof ENCODING)[keyof typeof ENCODING]

export const CODEC = { ZSTD: 6 } as const
export const PAGE = { DATA: 0, DICTIONARY: 2 } as const

export const PAGE_HEADER = { type: 1, uncompressedSize: 2, compressedSize: 3, dataPage: 5, dictionaryPage: 7 } as const
export const DATA_PAGE = { values: 1, encoding: 2, definitionEncoding: 3, repetitionEncoding: 4 } as const
export const DICTIONARY_PAGE = { values: 1, encoding: 2 } as const

export const FILE = {
  version: 1,
  schema: 2,
  rows: 3,
  rowGroups: 4,
  keyValues: 5,
  createdBy: 6,
  columnOrders: 7,
} as const
export const KEY_VALUE = { key: 1, value: 2 } as const
export const ELEMENT = { type: 1, repetition: 3, name: 4, children: 5, converted: 6, logical: 10 } as const
export const ROW_GROUP = { columns: 1, bytes: 2, rows: 3, fileOffset: 5, compressedBytes: 6 } as const
export const CHUNK = { fileOffset: 2, metaData: 3 } as const
export const META = {
  type: 1,
  encodings: 2,
  path: 3,
  codec: 4,
  values: 5,
  uncompressedBytes: 6,
  compressedBytes: 7,
  dataPageOffset: 9,
  dictionaryPageOffset: 11,
  statistics: 12,
} as const
export const STATISTICS = { nullCount: 3, max: 5, min: 6, maxExact: 7, minExact: 8 } as const
export const COLUMN_ORDER = { typeDefined: 1 } as const

/** The magic bytes at the start and end of a file. */
export const MAGIC = 'PAR1'
