// evt.stack: the call stack of a call.
import { stackOf } from '../model/batch.js'
import { type FieldContext, field, type Getter, stateOf } from './field.js'

const folded = (ctx: FieldContext): Getter<string> => {
  return (e) => {
    const number = stackOf(e.batch, e.row)
    const text = number === undefined ? undefined : stateOf(ctx, e).stacks.text(number)
    return text === '' ? undefined : text
  }
}

export const fields = {
  'evt.stack': field({
    type: 'string',
    list: true,
    doc: 'Functions that led to the call, outermost first; kernel functions, where it blocked, end with _[k]. See --stacks.',
    cost: 16,
    needs: ['stacks'],
    make: (ctx) => {
      const text = folded(ctx)
      return (e) => text(e)?.split(';')
    },
  }),
  'evt.stack.folded': field({
    type: 'string',
    doc: 'evt.stack as one text with semicolons, the input format of flame graphs.',
    cost: 8,
    needs: ['stacks'],
    make: folded,
  }),
  'evt.stack.text': field({
    type: 'string',
    doc: 'evt.stack in readable form: innermost function first, each before its caller.',
    cost: 16,
    needs: ['stacks'],
    make: (ctx) => {
      const text = folded(ctx)
      return (e) => text(e)?.split(';').reverse().join(' < ')
    },
  }),
}
