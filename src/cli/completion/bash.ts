import { byValue, type CompletionModel, type Flag, namesBeforeValue, type Word } from "./model.js";
import { quotePosix } from "./quote.js";

/**
 * The script for bash 3.2 and later. It relies on nothing that must be installed beside
 * bash, and leaves files to readline, which knows how to quote their names.
 */
export function bashScript(model: CompletionModel): string {
  const { reports, tools, flags, letters, programFlags, help } = model;
  const commands = [...reports, ...tools];
  const withParameter = reports.filter(({ parameter }) => parameter !== undefined);
  const others = reports.filter(({ parameter }) => parameter === undefined);
  return `# Completion of tsprof for bash, made by: tsprof completion bash

_tsprof() {
  local line=\${COMP_LINE:0:COMP_POINT} bare word i n=-1
  local -a words
  # Bash splits words at = and : too, so what has no blank between is put together.
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

  # What was said before: the command, the operands behind it, an option without its value.
  local command='' operands=0 option='' literal='' name
  for ((i = 1; i < n; i++)); do
    word=\${words[i]}
    if [[ $option ]]; then
      option=''
    elif [[ $literal || $word == - || $word != -* ]]; then
      if [[ ! $command && $operands == 0 ]]; then
        case $word in
          ${pattern(commands)}) command=$word ;;
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
        ${pattern(withParameter)}) command=$name operands=1 ;;
        ${pattern(others)}) command=$name ;;
      esac
      if [[ $word != *=* ]]; then
        case $name in
          ${alternatives(namesBeforeValue(model))}) option=$name ;;
        esac
      fi
    fi
  done

  # What may come: words, or without any of them files, folders or nothing.
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
      ${pattern(tools)}) offers=(${list([help])}) ;;
      *) offers=(${list([...flags, help])}) ;;
    esac
    # Options that do nothing in the command are left out.
    case $command in
${idleCases(model)}
    esac
    before=-
    [[ $cur != --* ]] || before=--
    # Dashes within a name stand for underscores.
    [[ $cur != --*-* && $cur != -[!-]*-* ]] || offers=("\${offers[@]//_/-}")
  elif [[ ! $command && $operands == 0 ]]; then
    wanted=file
    offers=(${list(commands)})
  else
    wanted=file
    case $command:$operands in
      ${alternatives(withParameter.map(({ name }) => `${name}:0`))}) wanted=nothing ;;
${operandCases(model)}
    esac
  fi

  # Of what is at the cursor, readline replaces only what is behind the last = or :.
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

/** What the values of options may be, as cases. */
function valueCases(flags: readonly Flag[]): string {
  return byValue(flags)
    .filter(({ value }) => value.kind !== "free")
    .map(({ value, flags }) => {
      const offer =
        value.kind === "words" ? `offers=(${list(value.words)})` : `wanted=${value.kind}`;
      return `      ${pattern(flags)}) ${offer} ;;`;
    })
    .join("\n");
}

/** The options that do nothing in a command, as cases. */
function idleCases({ idleFlags }: CompletionModel): string {
  return idleFlags
    .map(({ commands, flags }) => `      ${pattern(commands)}) idle=' ${flags.join(" ")} ' ;;`)
    .join("\n");
}

/** What the commands that make no report take, as cases. */
function operandCases({ reports, tools, shells }: CompletionModel): string {
  const first = { command: [...reports, ...tools], shell: shells };
  return tools
    .flatMap(({ name, operand }) => [
      ...(operand ? [`      ${name}:0) offers=(${list(first[operand])}) wanted=words ;;`] : []),
      `      ${name}:*) wanted=nothing ;;`,
    ])
    .join("\n");
}

/** The names as the pattern of a case. */
function pattern(words: readonly Word[]): string {
  return alternatives(words.map(({ name }) => name));
}

/** Without names, a pattern that nothing matches: no word here is empty. */
function alternatives(names: readonly string[]): string {
  return names.length === 0 ? "''" : names.map(quotePosix).join(" | ");
}

/** The names as elements of an array; options that want a value end with `=`. */
function list(words: readonly (Word | Flag)[]): string {
  return words
    .map((word) =>
      quotePosix("wantsValue" in word && word.wantsValue ? `${word.name}=` : word.name),
    )
    .join(" ");
}
