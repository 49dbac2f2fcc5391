// Shared by the functions of all event types: one getter for each field, and one cache of results for each test of texts.
import type { FieldContext, Getter } from '../../fields/field.js'
import { isStateful, valueKey } from '../../filter/intern.js'
import type { Test } from '../../filter/operators.js'
import type { FieldNode, TestNode } from '../../filter/typed.js'

export class SharedParts {
  private readonly getters = new Map<string, Getter>()
  private readonly decisions = new Map<TestNode, Test>()

  constructor(private readonly ctx: FieldContext) {}

  getter(v: FieldNode): Getter {
    const make = () => v.use.def.make(this.ctx, v.use.arg)
    return isStateful(v) ? make() : getOrCreate(this.getters, valueKey(v), make)
  }

  /** test: interned. make: compiles the test. */
  decision(test: TestNode, make: () => Test): Test {
    return getOrCreate(this.decisions, test, make)
  }
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
