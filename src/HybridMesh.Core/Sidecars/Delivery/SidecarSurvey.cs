namespace HybridMesh.Core;

/// <summary>A file as it lies on the VM.</summary>
internal sealed record SurveyedFile(string Mode, string Owner, string Digest);

/// <summary>What was found on a VM before a sidecar is installed, renewed or removed.</summary>
internal sealed class SidecarSurvey
{
    private readonly Dictionary<string, SurveyedFile> _files = [];
    private readonly HashSet<string> _words = [];
    private readonly List<string> _record = [];

    /// <summary>The port sshd listens on for this session.</summary>
    public int? SshPort { get; private set; }

    /// <summary>The VM's addresses, in the order the agent would choose one; empty when they can't be had.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>curl, wget, bash or none.</summary>
    public string Client { get; private set; } = "none";

    /// <summary>What the VM says of the sidecar that is there.</summary>
    public required SidecarFacts Facts { get; init; }

    /// <summary>Whether the proxy's user exists.</summary>
    public bool HasUser => _words.Contains("user");

    /// <summary>Whether there is a systemd.</summary>
    public bool HasSystemd => _words.Contains("systemd");

    /// <summary>Whether the service's unit is there.</summary>
    public bool HasUnit => _words.Contains("unit");

    /// <summary>Whether the service starts at boot.</summary>
    public bool Enabled => _words.Contains("enabled");

    /// <summary>Whether a run did not get to its end.</summary>
    public bool Unfinished => _words.Contains("unfinished");

    /// <summary>Whether Install-VmSidecar was here before.</summary>
    public bool IsInstalled => _record.Count > 0;

    /// <summary>What was written down by an earlier installation.</summary>
    public IReadOnlyList<string> Record => _record;

    /// <summary>The things of a kind that were written down.</summary>
    public IEnumerable<string> Of(string kind) => _record
        .Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal)).Select(line => line[(kind.Length + 1)..]);

    /// <summary>Whether a file that was written down is not there.</summary>
    public bool IsGone(string place) => _words.Contains($"gone {place}");

    /// <summary>The file at a place; null when there is none.</summary>
    public SurveyedFile? File(string place) => _files.GetValueOrDefault(place);

    /// <summary>Whether an address is one of the VM's; null when that can't be told.</summary>
    public bool? Owns(string address) => _words.Contains($"local {address}") || Addresses.Contains(address) ? true
        : Addresses.Count == 0 ? null : false;

    /// <summary>Looks at a VM; nothing is changed there.</summary>
    /// <param name="shell">The shell on the VM.</param>
    /// <param name="places">The files to look at.</param>
    /// <param name="address">The address of which it is asked whether it is the VM's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<SidecarSurvey> TakeAsync(
        IRemoteShell shell, IEnumerable<string> places, string address, CancellationToken cancellationToken)
    {
        SidecarSurvey survey = new()
        {
            Facts = await SidecarStatus.ReadAsync(shell, app: null, cancellationToken).ConfigureAwait(false),
        };
        CommandResult seen = await shell.RunAsync(
            $"address={ShellWord.Quote(address)}\n{SidecarSurveyScript.AsUser}", null, cancellationToken)
            .ConfigureAwait(false);
        survey.Read(seen.Output);
        CommandResult result = await RootShell.RunAsync(
            shell,
            $"paths={ShellWord.Quote(string.Join(' ', places))}\n{HealthScript.Functions}{SidecarSurveyScript.AsRoot}",
            cancellationToken).ConfigureAwait(false);
        if (result.ExitCode != 0)
        {
            throw RootShell.Failed(shell, $"The sidecar on VM {shell.Vm} can't be looked at", result);
        }

        survey.Read(result.Output);
        return survey;
    }

    private void Read(string output)
    {
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string rest = line[words[0].Length..].Trim();
            switch (words[0])
            {
                case "ssh":
                    SshPort = words.Length == 5 && int.TryParse(words[4], out int port) ? port : null;
                    break;
                case "addresses":
                    Addresses = words[1..];
                    break;
                case "file" when words.Length == 5:
                    _files[words[1]] = new(words[2], words[3], words[4]);
                    break;
                case "client":
                    Client = rest;
                    break;
                case "noted":
                    _record.Add(rest);
                    break;
                default:
                    _words.Add(line);
                    break;
            }
        }
    }
}
