// The profile as an object of the Security Profiles Operator (SeccompProfile v1, which belongs to the cluster, not to a namespace).
import { Document, type Scalar, visit } from 'yaml'
import type { Profile } from '../profile/profile.js'
import type { Line } from './assemble.js'
import { lineComment } from './line-comment.js'
import { ociValue } from './oci.js'

/** name: of the object, a DNS name. The names of calls have comments (line-comment.ts). */
export function spoProfile(profile: Profile, name: string, lines: readonly Line[]): string {
  const rules = profile.rules.map(({ comment: _, ...rule }) => rule)
  const document = new Document({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1',
    kind: 'SeccompProfile',
    metadata: { name },
    spec: ociValue({ ...profile, rules }),
  })
  const comments = new Map(lines.map((line) => [line.name, lineComment(line)]))
  visit(document, {
    Scalar(key, node: Scalar, path) {
      // items of lists of names
      if (typeof key === 'number' && path.length > 4) node.comment = comments.get(String(node.value))?.replace(/^/, ' ')
    },
  })
  return document.toString({ lineWidth: 0 })
}
