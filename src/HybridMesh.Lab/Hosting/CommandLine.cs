using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>The words and --options of a command line.</summary>
internal sealed class CommandLine
{
    private static readonly string[] Switches = ["detached", "help"];
    private readonly Dictionary<string, string> _options = [];
    private readonly List<string> _words = [];

    public CommandLine(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                _words.Add(argument);
            }
            else if (Switches.Contains(argument[2..]))
            {
                _options[argument[2..]] = "true";
            }
            else if (i + 1 < arguments.Count)
            {
                _options[argument[2..]] = arguments[++i];
            }
            else
            {
                throw new LabException($"{argument} needs a value.", exitCode: 2);
            }
        }
    }

    public IReadOnlyList<string> Words => _words;

    public IReadOnlyDictionary<string, string> Options => _options;

    public bool Has(string name) => _options.ContainsKey(name);

    public string? Text(string name) => _options.GetValueOrDefault(name);

    public int? Number(string name) =>
        Text(name) is not { } text
            ? null
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
                ? number
                : throw new LabException($"--{name} takes a number, not '{text}'.", exitCode: 2);

    public void Allow(params string[] names)
    {
        if (_options.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new LabException(
                $"unknown option --{unknown}; there are {string.Join(", ", names.Select(name => "--" + name))}.",
                exitCode: 2);
        }
    }
}
