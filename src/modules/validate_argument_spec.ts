import { z } from 'zod';
import { argumentProblems } from '../module/argument-spec.ts';
import { defineModule } from '../module/define.ts';
import { dict, json, required, withDefault } from '../module/params.ts';
import { plan } from '../module/plan.ts';

const params = z.strictObject({
  argument_spec: required(dict(json()), 'What the arguments must be like, as in meta/argument_specs.yml'),
  provided_arguments: withDefault(dict(json()), {}, 'The arguments'),
  validate_args_context: withDefault(dict(json()), {}, 'Where the specification comes from, for messages'),
});

/** Arguments of a role, held against what it says of them. */
export default defineModule({
  name: 'validate_argument_spec',
  aliases: ['ansible.builtin.validate_argument_spec', 'ansible.legacy.validate_argument_spec'],
  summary: 'Checks variables against an argument specification',
  examples: [
    'validate_argument_spec:\n  argument_spec:\n    port: {type: int, required: true}\n  provided_arguments:\n    port: 16443',
  ],
  params,
  returns: z.object({
    argument_errors: z.array(z.string()).optional().meta({ description: 'What is wrong' }),
    argument_spec_data: z.looseObject({}).optional().meta({ description: 'The specification' }),
    validate_args_context: z.looseObject({}).optional().meta({ description: 'Where it comes from' }),
  }),
  convergence: () => 'reads',
  observe: () => [],
  plan: () => plan([], { why: 'checking changes nothing' }),
  result: (p) => {
    const problems = argumentProblems(p.argument_spec, p.provided_arguments);
    if (problems.length === 0) return { changed: false, msg: 'The arg spec validation passed' };
    return {
      failed: true,
      msg: `Validation of arguments failed:\n${problems.join('\n')}`,
      argument_errors: [...problems],
      argument_spec_data: p.argument_spec,
      validate_args_context: p.validate_args_context,
    };
  },
  fuses: true,
});
