// The order of test files: projects in the order of the configuration, and in each project the longest files first, so that no long file is
// still running when all others have ended.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longer than half a minute, the longest first. */
const LONG = [
  'tui/live',
  'live/others-folders',
  'live/surroundings',
  'live/ceilings',
  'live/record',
  'tui/file',
  'container/together',
  'tui/every-key',
  'live/losses',
  'live/lacking',
  'fuzz/native',
  'container/proof',
  'package/package',
  'unit/kubectl/plugin',
  'unit/export/otlp',
  'live/terminal',
  'live/streams',
  'unit/cli/process',
  'live/inspector',
  'unit/cli/export',
].map((name) => `/test/${name}.test.ts`)

function rank(spec: TestSpecification): number {
  const at = LONG.findIndex((name) => spec.moduleId.endsWith(name))
  return at < 0 ? LONG.length : at
}

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const projects = this.ctx.projects.map((project) => project.name)
    const place = (spec: TestSpecification) => projects.indexOf(spec.project.name) * 1000 + rank(spec)
    return [...(await super.sort(files))].sort((a, b) => place(a) - place(b))
  }
}
