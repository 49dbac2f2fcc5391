// Falco's codes for errors and warnings in rules files, with their descriptions.

export const ERRORS = {
  LOAD_ERR_FILE_READ: 'the file cannot be read',
  LOAD_ERR_YAML_PARSE: 'invalid YAML',
  LOAD_ERR_YAML_VALIDATE: 'the YAML does not describe rules',
  LOAD_ERR_COMPILE_CONDITION: 'invalid condition',
  LOAD_ERR_COMPILE_OUTPUT: 'invalid output',
  LOAD_ERR_VALIDATE: 'invalid rule, macro or list',
  LOAD_ERR_EXTENSION: 'invalid item of an extension',
} as const

export const WARNINGS = {
  LOAD_UNKNOWN_SOURCE: 'unknown event source',
  LOAD_UNSAFE_NA_CHECK: 'comparison with <NA>',
  LOAD_NO_EVTTYPE: 'events of all types are evaluated',
  LOAD_UNKNOWN_FILTER: 'unknown field or event type',
  LOAD_UNUSED_MACRO: 'unused macro',
  LOAD_UNUSED_LIST: 'unused list',
  LOAD_UNKNOWN_ITEM: 'unknown item',
  LOAD_DEPRECATED_ITEM: 'deprecated',
  LOAD_WARNING_EXTENSION: 'warning of ksys',
  LOAD_APPEND_NO_VALUES: 'exception without values',
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: 'duplicate exception name',
  LOAD_INVALID_MACRO_NAME: 'invalid macro name',
  LOAD_INVALID_LIST_NAME: 'invalid list name',
  LOAD_COMPILE_CONDITION: 'suspicious condition',
  LOAD_UNKNOWN_KEY: 'unknown key',
} as const

export type ErrorCode = keyof typeof ERRORS
export type WarningCode = keyof typeof WARNINGS
