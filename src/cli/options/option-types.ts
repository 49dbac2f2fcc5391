// The types of parsed options. They derive from the tables, so that a command gets exactly the options that it lists, and an option that
// it does not read is an error of the compiler.
import type { Group, MAIN_OPTIONS, OptionDef } from './table.js'
import type { VALUES } from './values.js'

/** The options of a table by commander's property names: `--no-env` is `env`, `--max-cpu` is `maxCpu`. */
export type OptionsOf<T extends readonly OptionDef[]> = {
  readonly [D in T[number] as Property<D['long']>]?: D['long'] extends `no-${string}` ? boolean : Value<D>
}

/** The options in a section of the main command's help. */
export type OptionsIn<Section extends Group> = OptionsOf<
  readonly Extract<(typeof MAIN_OPTIONS)[number], { readonly group: Section }>[]
>

/** O if it has no properties besides those of All; otherwise a type that O is not assignable to. */
export type Exactly<All, O> = O & { readonly [K in Exclude<keyof O, keyof All>]: never }

/** Takes what remains of options after destructuring. It does not compile while an option remains: one that is never read. */
export function allRead(_rest: Readonly<Record<string, never>>): void {}

type Property<Long extends string> = Long extends `no-${infer Rest}` ? Camel<Rest> : Camel<Long>
type Camel<Text extends string> = Text extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<Camel<Rest>>}`
  : Text

type Value<D extends OptionDef> = D extends { readonly value: string }
  ? D extends { readonly repeat: true }
    ? readonly One<D>[]
    : One<D>
  : true
type One<D extends OptionDef> = D extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : D['long'] extends keyof typeof VALUES
    ? ReturnType<(typeof VALUES)[D['long']]>
    : string
