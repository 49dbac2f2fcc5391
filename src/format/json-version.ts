// The version of what ksys prints as JSON (`-j`): README.md here says what may change within one.

/**
 * Version of the JSON schema. Within a version keys are only added; a key that goes, a value of another type or meaning raises it.
 */
export const JSON_VERSION = 1

/** A value with the version in front, where its keys are ksys's own. */
export function versioned(value: object): object {
  return { schema: JSON_VERSION, ...value }
}
