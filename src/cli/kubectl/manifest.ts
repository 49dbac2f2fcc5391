// The manifest of a pod of ksys for one node, from the file for manual use (../../container/deploy/pod.yaml).
import { readFileSync } from 'node:fs'
import { ROOT } from '../version.js'

interface PodSpec {
  readonly name: string
  readonly namespace: string
  readonly node: string
  /** undefined: that of the file */
  readonly image: string | undefined
  /** s */
  readonly timeToLive: number
}

/** The manifest for kubectl. Unquoted values are names and numbers that need no quoting in YAML. */
export function manifestOf({ name, namespace, node, image, timeToLive }: PodSpec): string {
  const values: readonly (readonly [key: string, value: string | undefined])[] = [
    ['  name', name],
    ['  namespace', namespace],
    ['  nodeName', JSON.stringify(node)],
    ['  activeDeadlineSeconds', String(timeToLive)],
    ['      image', image && JSON.stringify(image)],
  ]
  let text = readFileSync(`${ROOT}src/container/deploy/pod.yaml`, 'utf8')
  for (const [key, value] of values) {
    if (value === undefined) continue
    const line = new RegExp(`^${key}: .*$`, 'm')
    if (!line.test(text)) throw new Error(`pod.yaml has no line for ${key.trim()}`)
    text = text.replace(line, () => `${key}: ${value}`)
  }
  return text
}
