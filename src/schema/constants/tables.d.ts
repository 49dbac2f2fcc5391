// The type of the module that src/setup/constants.ts makes of *.txt when ksys is compiled.

/** Tables of constants by name, as NAME=value words separated by blanks, in the order of the files. */
export declare const TABLES: Readonly<Record<string, string>>
