// The order of test files: projects in the order of the configuration, and in each project the longest files first, so that no long file is
// still running when all others have ended.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longer than fifty seconds, and files of the last project that take longer than twenty; the longest first. */
const LONG = [
  'live/others-folders',
  'tui/live',
  'live/surroundings',
  'live/ceilings',
  'live/lacking',
  'live/record',
  'tui/golden',
  'live/stacks',
  'container/proof',
  'live/inspector',
  'container/together',
  'container/advise',
  'tui/file',
  'tui/every-key',
  'package/package',
  'fuzz/native',
  'unit/export/otlp',
  'tui/pruned',
  'unit/kubectl/plugin',
  'unit/cli/process',
  'docs/files',
  'unit/web/crowd',
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
