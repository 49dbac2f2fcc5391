// Which tests depend on the container alone, or on the process: user space judges these for a cgroup or a thread.
import type { FieldUse } from '../registry.js'
import type { TestNode, ValueNode } from '../typed.js'

/** These values change while the container stays the same. */
const TIMED = new Set(['container.duration', 'container.start_ts'])

function isOfContainer({ name, opaque }: FieldUse): boolean {
  return /^(container|k8s)\./.test(name) && !TIMED.has(name) && opaque !== true
}

function isOfProcess({ def, opaque }: FieldUse): boolean {
  return def.ofProcess !== undefined && opaque !== true
}

/** All fields that a test compares. */
export function fieldsOf({ left, right }: TestNode): readonly FieldUse[] {
  const within = (v: ValueNode | undefined): FieldUse[] => {
    if (v === undefined || v.kind === 'const') return []
    return v.kind === 'call' ? v.args.flatMap(within) : [v.use]
  }
  return [...within(left), ...within(right)]
}

/** Whether a test depends on the container only. */
export function dependsOnContainer(test: TestNode): boolean {
  const fields = fieldsOf(test)
  return fields.length > 0 && fields.every(isOfContainer)
}

/** Whether a test depends on the process and its container only. */
export function dependsOnProcess(test: TestNode): boolean {
  const fields = fieldsOf(test)
  return fields.length > 0 && fields.every((use) => isOfProcess(use) || isOfContainer(use))
}
