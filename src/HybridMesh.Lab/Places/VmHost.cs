using System.Globalization;
using System.Net;

namespace HybridMesh.Lab;

/// <summary>Starts the VMs and knows them by name.</summary>
internal sealed class VmHost(Nursery nursery, AddressBlock block, string labFolder) : IAsyncDisposable
{
    public const int SshPort = 2222;

    /// <summary>VMs started at the same time; a start is mostly waiting for mounts and for sshd.</summary>
    private const int Concurrency = 8;

    private readonly SshKeys _keys = new(Path.Combine(labFolder, "keys"));
    private Vm[] _vms = [];
    private string? _shadow;

    public IReadOnlyList<Vm> Vms => _vms;

    public SshKeys Keys => _keys;

    public string ListFile => Path.Combine(labFolder, "vms.csv");

    /// <param name="count">How many VMs.</param>
    /// <param name="bare">Names of those that come without Istio's package.</param>
    public async Task StartAsync(int count, IReadOnlyList<string> bare, CancellationToken cancellationToken)
    {
        if (bare.Except(Enumerable.Range(0, count).Select(Name)).FirstOrDefault() is { } unknown)
        {
            throw new LabException($"--bare-vm names '{unknown}', but there are {count} VMs from vm1 on.", exitCode: 2);
        }

        await _keys.MakeUserKeyAsync(cancellationToken).ConfigureAwait(false);
        _shadow = _keys.Shadow();
        Vm?[] started = new Vm?[count];
        string[] knownHosts = new string[count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForAsync(0, count, options, async (index, token) =>
            {
                PlacePlan plan = Plan(index, bare);
                knownHosts[index] = await SshKeys.MakeHostKeyAsync(plan, token).ConfigureAwait(false);
                VmSeed.Write(plan, _keys, _shadow);
                if (!bare.Contains(plan.Name))
                {
                    SidecarPackage.Write(plan, _shadow);
                }

                Place place = await Place.StartAsync(nursery, plan, token).ConfigureAwait(false);
                started[index] = new Vm(plan.Name, plan.Address, $"v{(index % 3) + 1}", place);
                await started[index]!.WaitForSshAsync(token).ConfigureAwait(false);
            }).ConfigureAwait(false);
        }
        finally
        {
            _vms = [.. started.OfType<Vm>()];
        }

        FolderTree.Write(_keys.KnownHostsFile, string.Join('\n', knownHosts) + "\n");
        FolderTree.Write(ListFile, Csv());
    }

    public Vm Find(string name) =>
        _vms.FirstOrDefault(vm => vm.Name == name || vm.Address.ToString() == name)
        ?? throw new KeyNotFoundException(
            $"There is no VM '{name}'; there are {string.Join(", ", _vms.Select(vm => vm.Name))}.");

    public string SshCommand(Vm vm) => string.Create(
        CultureInfo.InvariantCulture,
        $"ssh -i {ShellText.Word(_keys.UserKeyFile)} "
        + $"-o {ShellText.SshFileOption("UserKnownHostsFile", _keys.KnownHostsFile)} -p {SshPort} root@{vm.Address}");

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_vms.Select(vm => vm.Place.DisposeAsync().AsTask())).ConfigureAwait(false);
        _vms = [];
    }

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"vm{index + 1}");

    private PlacePlan Plan(int index, IReadOnlyList<string> bare)
    {
        string name = Name(index);
        IPAddress address = block.Vm(index);
        return new PlacePlan
        {
            Name = name,
            Address = address,
            Folder = Path.Combine(labFolder, "places", name),
            Script = "vm.sh",
            Environment = new Dictionary<string, string> { ["HM_SIDECAR"] = bare.Contains(name) ? "" : "yes" },
        };
    }

    private string Csv()
    {
        const string Header = "Name,Address,SshHost,SshPort,User,KeyFile,KnownHostsFile,Version";
        string files = $"{Quoted(_keys.UserKeyFile)},{Quoted(_keys.KnownHostsFile)}";
        IEnumerable<string> rows = _vms.Select(vm => string.Create(
            CultureInfo.InvariantCulture,
            $"{vm.Name},{vm.Address},{vm.Address},{SshPort},root,{files},{vm.Version}"));
        return string.Join('\n', [Header, .. rows]) + "\n";
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\" ") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
