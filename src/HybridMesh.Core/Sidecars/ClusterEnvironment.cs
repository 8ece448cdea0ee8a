using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>
/// What cluster.env says. The agent's start script has a shell read it, so that a line is one assignment whose value
/// is quoted as shells do; a line that is not, or that a shell would do more with, is a problem and not a variable.
/// </summary>
public sealed partial class ClusterEnvironment
{
    private readonly Dictionary<string, Variable> _variables = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private ClusterEnvironment()
    {
    }

    /// <summary>A variable's value; null when it is not set.</summary>
    public string? this[string name] => _variables.GetValueOrDefault(name)?.Value;

    /// <summary>What is wrong, each with its line.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The namespace of the workload.</summary>
    public string? Namespace => this["ISTIO_NAMESPACE"] ?? this["POD_NAMESPACE"];

    /// <summary>The service account.</summary>
    public string? ServiceAccount => this["SERVICE_ACCOUNT"];

    /// <summary>The workload's name.</summary>
    public string? WorkloadName => this["ISTIO_META_WORKLOAD_NAME"];

    /// <summary>The address the agent takes for the VM's.</summary>
    public string? Address => this["ISTIO_SVC_IP"];

    /// <summary>The workload's labels; empty when there are none or they can't be read.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; private set; } = LabelMap.Empty;

    /// <summary>The label version.</summary>
    public string? Version => Labels.GetValueOrDefault("version");

    /// <summary>Reads the file's text.</summary>
    public static ClusterEnvironment Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ClusterEnvironment environment = new();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            environment.ReadLine(i + 1, lines[i].TrimEnd('\r'));
        }

        environment.ReadLabels();
        return environment;
    }

    /// <summary>The place of a variable, for messages: <c>cluster.env line 3</c>.</summary>
    internal string Place(string name) =>
        _variables.TryGetValue(name, out Variable? variable) ? Place(variable.Line) : SidecarFileNames.ClusterEnv;

    private static string Place(int line) =>
        string.Create(CultureInfo.InvariantCulture, $"{SidecarFileNames.ClusterEnv} line {line}");

    private void ReadLine(int number, string line)
    {
        if (line.Length == 0 || line.StartsWith('#'))
        {
            return;
        }

        Match match = AssignmentPattern().Match(line);
        if (!match.Success)
        {
            _problems.Add($"{Place(number)}: '{Shown(line)}' is not of the form NAME='value'.");
        }
        else if (Unquote(match.Groups[2].Value) is { } value)
        {
            _variables[match.Groups[1].Value] = new(value, number);
        }
        else
        {
            _problems.Add($"{Place(number)}: the value of {match.Groups[1].Value} is not quoted as a shell wants it; "
                + "put it in single quotes.");
        }
    }

    private void ReadLabels()
    {
        const string Name = "ISTIO_METAJSON_LABELS";
        if (this[Name] is { Length: > 0 } json)
        {
            try
            {
                Labels = System.Text.Json.Nodes.JsonNode.Parse(json).Strings();
            }
            catch (System.Text.Json.JsonException)
            {
                _problems.Add($"{Place(Name)}: {Name} is no JSON object of labels.");
            }
        }
    }

    // The parts of one word: 'literal', "literal" as istioctl writes a single quote, and plain characters.
    private static string? Unquote(string word)
    {
        StringBuilder value = new();
        for (int i = 0; i < word.Length; i++)
        {
            char quote = word[i];
            if (quote is '\'' or '"')
            {
                int end = word.IndexOf(quote, i + 1);
                if (end < 0 || (quote == '"' && word.AsSpan(i, end - i).IndexOfAny("$`\\") >= 0))
                {
                    return null;
                }

                value.Append(word, i + 1, end - i - 1);
                i = end;
            }
            else if (char.IsAsciiLetterOrDigit(quote) || "_@%+=:,./-".Contains(quote, StringComparison.Ordinal))
            {
                value.Append(quote);
            }
            else
            {
                return null;
            }
        }

        return value.ToString();
    }

    private static string Shown(string line) => line.Length > 40 ? line[..40] + "..." : line;

    private sealed record Variable(string Value, int Line);

    [GeneratedRegex("^(?:export )?([A-Za-z_][A-Za-z0-9_]*)=(.*)$")]
    private static partial Regex AssignmentPattern();
}
