using System.Globalization;
using System.Text.RegularExpressions;

namespace HybridMesh.Core;

/// <summary>
/// cluster.env with its lines, to be judged before it is delivered. The agent's start script has a shell read it: each
/// line is one assignment whose value is quoted as shells do, and anything a shell would do more with is a problem.
/// </summary>
public sealed partial class ClusterEnvironment
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    private ClusterEnvironment(SidecarEnv env) => Env = env;

    /// <summary>The variables.</summary>
    public SidecarEnv Env { get; }

    /// <summary>The value of a variable; null when it is not set, or empty.</summary>
    public string? this[string name] => Env[name];

    /// <summary>What is wrong, each with its line.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The address the agent takes for the VM's.</summary>
    internal string? Address => Env["ISTIO_SVC_IP"];

    /// <summary>Whether that address is a load balancer's or NAT's, which the VM does not have itself.</summary>
    internal bool IsExternal => Env["REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION"] == "true";

    /// <summary>Reads the file's text.</summary>
    public static ClusterEnvironment Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ClusterEnvironment environment = new(SidecarEnv.Parse(text));
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            environment.ReadLine(i + 1, lines[i].TrimEnd('\r'));
        }

        environment.CheckLabels();
        return environment;
    }

    /// <summary>The place of a variable, for messages: <c>cluster.env line 3</c>.</summary>
    internal string Place(string name) =>
        _lines.TryGetValue(name, out int line) ? Place(line) : SidecarFileNames.ClusterEnv;

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
            return;
        }

        _lines[match.Groups[1].Value] = number;
        if (!WordPattern().IsMatch(match.Groups[2].Value))
        {
            _problems.Add($"{Place(number)}: the value of {match.Groups[1].Value} is not quoted as a shell wants it; "
                + "put it in single quotes.");
        }
    }

    private void CheckLabels()
    {
        const string Name = "ISTIO_METAJSON_LABELS";
        if (Env[Name] is { } json && Env.Labels.Count == 0 && json.Trim() != "{}")
        {
            _problems.Add($"{Place(Name)}: {Name} is no JSON object of labels.");
        }
    }

    private static string Shown(string line) => line.Length > 40 ? line[..40] + "..." : line;

    [GeneratedRegex("^(?:export )?([A-Za-z_][A-Za-z0-9_]*)=(.*)$")]
    private static partial Regex AssignmentPattern();

    // The parts of one word: 'literal', "literal" as istioctl writes a single quote, and plain characters.
    [GeneratedRegex("""^(?:'[^']*'|"[^"$`\\]*"|[A-Za-z0-9_@%+=:,./-])*$""")]
    private static partial Regex WordPattern();
}
