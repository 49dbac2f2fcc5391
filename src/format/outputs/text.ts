// Output for people: the lines of a format, as text.
import type { OutputFormat } from '../outputs.js'

const text: OutputFormat = {
  name: 'text',
  lines: async () => (await import('../template/template.js')).compileTemplate,
}
export default text
