// The fields that a chisel reads, and their values.
import type { FieldText, ValueOfField } from '../fields/typed.js'

/** Fields by the names that a chisel gives them. */
export type FieldsDef = Readonly<Record<string, FieldText>>

/**
 * The values of the fields for the event, or the thread or descriptor, at hand: read when they are asked for, valid during
 * the call. The object is reused.
 */
export type Values<F extends FieldsDef> = { readonly [K in keyof F]: ValueOfField<F[K]> | undefined }
