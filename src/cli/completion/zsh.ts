import {
  byValue,
  type CompletionModel,
  type Flag,
  type FlagValue,
  namesBeforeValue,
  type Word,
} from "./model.js";
import { casePattern, casePatternOf, quotePosix } from "./quote.js";

/** Writes the script for zsh: a completion function that can be sourced or autoloaded. */
export function zshScript(model: CompletionModel): string {
  const { reports, tools, flags, letters, programFlags, help } = model;
  const commands = [...reports, ...tools];
  const withParameter = reports.filter(({ parameter }) => parameter !== undefined);
  const others = reports.filter(({ parameter }) => parameter === undefined);
  return `#compdef tsprof
# Completion of tsprof for zsh, made by: tsprof completion zsh

_tsprof() {
  # Scan the words before the cursor for the command, its operands and an option without its value.
  local command='' option='' literal='' word name
  local -i operands=0 i
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $option ]]; then
      option=''
    elif [[ -n $literal || $word == - || $word != -* ]]; then
      if [[ -z $command && $operands == 0 ]]; then
        case $word in
          (${casePatternOf(commands)}) command=$word ;;
          (*) operands=1 ;;
        esac
      else
        ((operands += 1))
      fi
    elif [[ $word == -- ]]; then
      literal=1
    else
      name=\${\${\${\${word#-}#-}%%=*}//-/_}
      case $name in
        (${casePatternOf(withParameter)}) command=$name operands=1 ;;
        (${casePatternOf(others)}) command=$name ;;
      esac
      if [[ $word != *=* ]]; then
        case $name in
          (${casePattern(namesBeforeValue(model))}) option=$name ;;
        esac
      fi
    fi
  done

  if [[ -z $option && -z $literal && $PREFIX == -*=* ]]; then
    option=\${\${\${\${PREFIX#-}#-}%%=*}//-/_}
    compset -P 1 '*='
  fi
  if [[ -n $option ]]; then
    _tsprof_value
  elif [[ -z $literal && $PREFIX == -* ]]; then
    case $command in
      ('') _tsprof_flags program help reports ;;
      (${casePatternOf(tools)}) _tsprof_flags help ;;
      (*) _tsprof_flags help reports ;;
    esac
  elif [[ -z $command && $operands == 0 ]]; then
    _tsprof_commands || _files
  else
    case $command:$operands in
${operandCases(model)}
      (*) _files ;;
    esac
  fi
}

# Completes the value of an option.
_tsprof_value() {
  local -a offers
  case $option in
${valueCases([...flags, ...letters, ...programFlags, help])}
  esac
}

# Completes the options of the given groups, with the dashes that were typed.
_tsprof_flags() {
  local group name dash=-
  local -a switches valued idle
  for group; do
    case $group in
${flagCases("reports", flags)}
${flagCases("program", programFlags)}
${flagCases("help", [help])}
    esac
  done
  # Leave out options that have no effect in the command.
  case $command in
${idleCases(model)}
  esac
  if (($#idle)); then
    for group in switches valued; do
      set -A $group "\${(@)\${(P@)group}:#(\${(~j:|:)idle})(|:*)}"
    done
  fi
  [[ $PREFIX != --* ]] || dash=--
  # A dash in a name is the same as an underscore.
  if [[ \${\${PREFIX#-}#-} == *-* ]]; then
    for group in switches valued; do
      set -A $group "\${(@)\${(P@)group}/(#m)[^:]##/\${MATCH//_/-}}"
    done
  fi
  switches=("\${(@)switches/#/$dash}")
  valued=("\${(@)valued/#/$dash}")
  _describe -t options option switches -- valued -qS =
}

_tsprof_commands() {
  local -a offers=(
${list(commands, 4)}
  )
  _describe -t commands command offers
}

_tsprof_shells() {
  local -a offers=(
${list(model.shells, 4)}
  )
  _describe -t shells shell offers
}

if [[ $funcstack[1] == _tsprof ]]; then
  _tsprof "$@"
else
  (($+functions[compdef])) || { autoload -Uz compinit && compinit; }
  compdef _tsprof tsprof
fi
`;
}

function valueCases(flags: readonly Flag[]): string {
  return byValue(flags)
    .map(({ value, flags }) => `    (${casePatternOf(flags)})\n${valueOffer(value)}\n      ;;`)
    .join("\n");
}

function valueOffer(value: FlagValue): string {
  switch (value.kind) {
    case "file":
      return "      _files";
    case "folders":
      return "      compset -P '*:'\n      _files -/";
    case "free":
      return `      ${message(value.placeholder)}`;
    default:
      return `      offers=(\n${list(value.words, 8)}\n      )\n      _describe -t values value offers`;
  }
}

/** Returns the cases for the options that have no effect in a command. */
function idleCases({ idleFlags }: CompletionModel): string {
  return idleFlags
    .map(({ commands, flags }) => `    (${casePatternOf(commands)}) idle=(${flags.join(" ")}) ;;`)
    .join("\n");
}

/** Returns the cases for the operands of a command before its sources, or instead of them. */
function operandCases({ reports, tools }: CompletionModel): string {
  const parameters = reports.flatMap(({ name, parameter }) =>
    parameter === undefined ? [] : `      (${quotePosix(name)}:0) ${message(parameter)} ;;`,
  );
  const first = { command: "_tsprof_commands", shell: "_tsprof_shells" };
  const operands = tools.flatMap(({ name, operand }) => [
    ...(operand ? [`      (${quotePosix(name)}:0) ${first[operand]} ;;`] : []),
    `      (${quotePosix(name)}:*) _message 'no more arguments' ;;`,
  ]);
  return [...parameters, ...operands].join("\n");
}

/** Returns the case that adds the options of a group to the offers. */
function flagCases(group: string, flags: readonly Flag[]): string {
  const of = (wantsValue: boolean) => flags.filter((flag) => flag.wantsValue === wantsValue);
  return `      (${group})
        switches+=(
${list(of(false), 10)}
        )
        valued+=(
${list(of(true), 10)}
        )
        ;;`;
}

/** Returns the message that describes a free text. zsh expands `%` in it. */
function message(text: string): string {
  return `_message ${quotePosix(text.replaceAll("%", "%%"))}`;
}

/** Returns words and summaries for `_describe`, which splits them at the first bare colon. */
function list(words: readonly Word[], indent: number): string {
  const backslashed = (text: string) => text.replaceAll("\\", "\\\\");
  return words
    .map(({ name, summary }) => {
      const described = summary === "" ? "" : `:${backslashed(summary)}`;
      const text = backslashed(name).replaceAll(":", "\\:") + described;
      return " ".repeat(indent) + quotePosix(text);
    })
    .join("\n");
}
