import { byValue, type CompletionModel, type Flag, namesBeforeValue, type Word } from "./model.js";
import { casePattern, casePatternOf, quotePosix } from "./quote.js";

/** Writes the script for bash 3.2 and later. It leaves files to readline, which quotes names. */
export function bashScript(model: CompletionModel): string {
  const { reports, tools, flags, letters, programFlags, help } = model;
  const commands = [...reports, ...tools];
  const withParameter = reports.filter(({ parameter }) => parameter !== undefined);
  const others = reports.filter(({ parameter }) => parameter === undefined);
  return `# Completion of tsprof for bash, made by: tsprof completion bash

_tsprof() {
  local line=\${COMP_LINE:0:COMP_POINT} bare word i n=-1
  local -a words
  # Bash splits words at = and : too. Join the parts that have no blank between them.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    bare=\${line#"\${line%%[![:blank:]]*}"}
    word=\${COMP_WORDS[i]}
    ((i < COMP_CWORD)) || word=$bare
    if ((i > 0)) && [[ $bare == "$line" ]]; then
      words[n]+=$word
    else
      words[++n]=$word
    fi
    line=\${bare#*"$word"}
  done

  # Scan the words before the cursor for the command, its operands and an option without its value.
  local command='' operands=0 option='' literal='' name
  for ((i = 1; i < n; i++)); do
    word=\${words[i]}
    if [[ $option ]]; then
      option=''
    elif [[ $literal || $word == - || $word != -* ]]; then
      if [[ ! $command && $operands == 0 ]]; then
        case $word in
          ${casePatternOf(commands)}) command=$word ;;
          *) operands=1 ;;
        esac
      else
        ((operands++))
      fi
    elif [[ $word == -- ]]; then
      literal=1
    else
      name=\${word#-}
      name=\${name#-}
      name=\${name%%=*}
      name=\${name//-/_}
      case $name in
        ${casePatternOf(withParameter)}) command=$name operands=1 ;;
        ${casePatternOf(others)}) command=$name ;;
      esac
      if [[ $word != *=* ]]; then
        case $name in
          ${casePattern(namesBeforeValue(model))}) option=$name ;;
        esac
      fi
    fi
  done

  # Collect the words to offer. If there are none, offer files, folders or nothing.
  local cur=\${words[n]} before='' idle='' wanted=words dash
  local -a offers
  if [[ ! $option && ! $literal && $cur == -*=* ]]; then
    before=\${cur%%=*}=
    option=\${before#-}
    option=\${option#-}
    option=\${option%=}
    option=\${option//-/_}
  fi
  if [[ $option ]]; then
    case $option in
${valueCases([...flags, ...letters, ...programFlags, help])}
      *) wanted=nothing ;;
    esac
  elif [[ ! $literal && $cur == -* ]]; then
    case $command in
      '') offers=(${list([...programFlags, help, ...flags])}) ;;
      ${casePatternOf(tools)}) offers=(${list([help])}) ;;
      *) offers=(${list([...flags, help])}) ;;
    esac
    # Leave out options that have no effect in the command.
    case $command in
${idleCases(model)}
    esac
    before=-
    [[ $cur != --* ]] || before=--
    # A dash in a name is the same as an underscore.
    [[ $cur != --*-* && $cur != -[!-]*-* ]] || offers=("\${offers[@]//_/-}")
  elif [[ ! $command && $operands == 0 ]]; then
    wanted=file
    offers=(${list(commands)})
  else
    wanted=file
    case $command:$operands in
      ${casePattern(withParameter.map(({ name }) => `${name}:0`))}) wanted=nothing ;;
${operandCases(model)}
    esac
  fi

  # Readline replaces only the part of the word after the last = or :.
  local breaks=\${COMP_WORDBREAKS//[^=:]/} kept='' offer
  [[ ! $breaks ]] || kept=\${cur%"\${cur##*[$breaks]}"}
  COMPREPLY=()
  for offer in "\${offers[@]}"; do
    name=\${offer%=}
    [[ $idle != *" \${name//-/_} "* ]] || continue
    offer=$before$offer
    [[ $offer != "$cur"* ]] || COMPREPLY[\${#COMPREPLY[@]}]=\${offer#"$kept"}
  done
  if [[ \${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2>/dev/null
  fi
  if [[ $wanted == folders ]]; then
    compopt +o default -o dirnames 2>/dev/null
  elif [[ $wanted != file ]]; then
    compopt +o default 2>/dev/null
  fi
}

complete -o default -F _tsprof tsprof
`;
}

function valueCases(flags: readonly Flag[]): string {
  return byValue(flags)
    .filter(({ value }) => value.kind !== "free")
    .map(({ value, flags }) => {
      const offer =
        value.kind === "words" ? `offers=(${list(value.words)})` : `wanted=${value.kind}`;
      return `      ${casePatternOf(flags)}) ${offer} ;;`;
    })
    .join("\n");
}

/** Returns the cases for the options that have no effect in a command. */
function idleCases({ idleFlags }: CompletionModel): string {
  return idleFlags
    .map(
      ({ commands, flags }) => `      ${casePatternOf(commands)}) idle=' ${flags.join(" ")} ' ;;`,
    )
    .join("\n");
}

/** Returns the cases for the operands of commands that make no report. */
function operandCases({ reports, tools, shells }: CompletionModel): string {
  const first = { command: [...reports, ...tools], shell: shells };
  return tools
    .flatMap(({ name, operand }) => [
      ...(operand ? [`      ${name}:0) offers=(${list(first[operand])}) wanted=words ;;`] : []),
      `      ${name}:*) wanted=nothing ;;`,
    ])
    .join("\n");
}

/** Returns the names as array elements, with `=` after options that need a value. */
function list(words: readonly (Word | Flag)[]): string {
  return words
    .map((word) =>
      quotePosix("wantsValue" in word && word.wantsValue ? `${word.name}=` : word.name),
    )
    .join(" ");
}
