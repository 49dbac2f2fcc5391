// What may be wrong in rules files, by Falco's codes, with what each is about.

export const ERRORS = {
  LOAD_ERR_FILE_READ: 'the file cannot be read',
  LOAD_ERR_YAML_PARSE: 'this is no YAML',
  LOAD_ERR_YAML_VALIDATE: 'the YAML is not that of rules',
  LOAD_ERR_COMPILE_CONDITION: 'wrong condition',
  LOAD_ERR_COMPILE_OUTPUT: 'wrong output',
  LOAD_ERR_VALIDATE: 'wrong rule, macro or list',
  LOAD_ERR_EXTENSION: 'wrong item of an extension',
} as const

export const WARNINGS = {
  LOAD_UNKNOWN_SOURCE: 'unknown source of events',
  LOAD_UNSAFE_NA_CHECK: 'comparison with <NA>',
  LOAD_NO_EVTTYPE: 'events of all types are looked at',
  LOAD_UNKNOWN_FILTER: 'unknown field or type of events',
  LOAD_UNUSED_MACRO: 'unused macro',
  LOAD_UNUSED_LIST: 'unused list',
  LOAD_UNKNOWN_ITEM: 'unknown item',
  LOAD_DEPRECATED_ITEM: 'deprecated',
  LOAD_WARNING_EXTENSION: 'a doubt of ksys',
  LOAD_APPEND_NO_VALUES: 'an exception without values',
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: 'exceptions of one name',
  LOAD_INVALID_MACRO_NAME: 'wrong name of a macro',
  LOAD_INVALID_LIST_NAME: 'wrong name of a list',
  LOAD_COMPILE_CONDITION: 'doubtful condition',
  LOAD_UNKNOWN_KEY: 'unknown key',
} as const

export type ErrorCode = keyof typeof ERRORS
export type WarningCode = keyof typeof WARNINGS
