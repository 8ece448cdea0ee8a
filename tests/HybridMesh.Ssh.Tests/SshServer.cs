using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

/// <summary>A real sshd on a loopback address with keys made for the occasion.</summary>
public class SshServer : IAsyncLifetime
{
    private const string Address = "127.0.0.1";
    private Process? _process;

    /// <summary>The folder with the keys and files of this server.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("hybridmesh-sshd-").FullName;

    /// <summary>The port sshd listens on.</summary>
    public int Port { get; private set; }

    /// <summary>The client key that is let in.</summary>
    public string KeyFile => Path.Combine(Folder, "client");

    /// <summary>A known_hosts file that names this server by all of its keys.</summary>
    public string KnownHostsFile => Path.Combine(Folder, "known_hosts");

    /// <summary>The server as a VM.</summary>
    public MeshVm Vm => new()
    {
        Name = "vm1",
        Address = Address,
        SshPort = Port,
        User = Environment.UserName,
        KeyFile = KeyFile,
        KnownHostsFile = KnownHostsFile,
    };

    /// <summary>sshd's own process.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>Further lines of its configuration.</summary>
    protected virtual string Configuration => "Subsystem sftp internal-sftp";

    /// <summary>The server's public host key of a type: <c>ssh-ed25519 AAAA...</c>.</summary>
    public string HostKey(string type) => string.Join(
        ' ', File.ReadAllText(Path.Combine(Folder, $"host_{type}.pub")).Split(' ').Take(2));

    /// <summary>A file of its own for one test.</summary>
    public string NewFile(string name, string text)
    {
        string path = Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("N"))).FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    public static Task MakeKeyAsync(string path, string type, string passphrase = "") => RunAsync(
        "ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "", "-f", path);

    public static async Task RunAsync(string program, params string[] arguments) =>
        _ = (await ProcessResult.RunAsync(program, arguments)).Text;

    public async Task InitializeAsync()
    {
        foreach (string type in (string[])["ed25519", "ecdsa", "rsa"])
        {
            await MakeKeyAsync(Path.Combine(Folder, $"host_{type}"), type);
        }

        await MakeKeyAsync(KeyFile, "ed25519");
        File.Copy(KeyFile + ".pub", Path.Combine(Folder, "authorized_keys"));
        Directory.CreateDirectory("/run/sshd"); // privilege separation wants it
        Port = FreePort();
        await StartAsync();
        string name = KnownHosts.LookupName(Address, Port);
        await File.WriteAllLinesAsync(
            KnownHostsFile, ((string[])["ed25519", "ecdsa", "rsa"]).Select(type => $"{name} {HostKey(type)}"));
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A port nobody listens on.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Parse(Address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StartAsync()
    {
        string configuration = Path.Combine(Folder, "sshd_config");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            ListenAddress {Address}
            Port {Port}
            HostKey {Folder}/host_ed25519
            HostKey {Folder}/host_ecdsa
            HostKey {Folder}/host_rsa
            AuthorizedKeysFile {Folder}/authorized_keys
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            MaxStartups 200
            MaxSessions 100
            PidFile none
            {Configuration}
            """));
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-f", configuration, "-E", Path.Combine(Folder, "log")]))!;
        for (int tries = 0; ; tries++)
        {
            using TcpClient client = new();
            try
            {
                await client.ConnectAsync(Address, Port);
                return;
            }
            catch (SocketException) when (tries < 200 && !_process.HasExited)
            {
                await Task.Delay(25);
            }
        }
    }
}

/// <summary>A server that offers no SFTP.</summary>
public sealed class SshServerWithoutSftp : SshServer
{
    protected override string Configuration => "";
}
