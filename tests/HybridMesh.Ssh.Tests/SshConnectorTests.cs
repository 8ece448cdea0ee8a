using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Ssh.Tests;

public sealed class SshConnectorTests(SshServer server) : IClassFixture<SshServer>
{
    private readonly SshConnector _connector = new();

    private string Name => KnownHosts.LookupName("127.0.0.1", server.Port);

    [Theory]
    [InlineData("ed25519")]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task ConnectAsync_OnlyOneKeyTypeOnFile_AsksTheServerForThatType(string type)
    {
        await ConnectAsync(server.Vm with { KnownHostsFile = server.NewFile("kh", $"{Name} {server.HostKey(type)}\n") });
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task ConnectAsync_ClientKeyOfAnyType_LogsIn(string type)
    {
        string key = server.NewFile("k", "");
        File.Delete(key);
        await SshServer.MakeKeyAsync(key, type);
        await File.AppendAllTextAsync(Path.Combine(server.Folder, "authorized_keys"), await File.ReadAllTextAsync(key + ".pub"));

        await ConnectAsync(server.Vm with { KeyFile = key });
    }

    [Fact]
    public async Task ConnectAsync_HashedKnownHosts_FindsTheHost()
    {
        string file = server.NewFile("kh", $"{Name} {server.HostKey("ed25519")}\n");
        await SshServer.RunAsync("ssh-keygen", "-q", "-H", "-f", file);
        Assert.StartsWith("|1|", await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        await ConnectAsync(server.Vm with { KnownHostsFile = file });
    }

    [Fact]
    public async Task ConnectAsync_UnknownKeyUnderStrict_NamesFingerprintAndRemedy()
    {
        string file = server.NewFile("kh", "");

        MeshException error = await FailAsync(server.Vm with { KnownHostsFile = file });

        Assert.Equal(MeshErrorCode.HostKeyUnknown, error.Code);
        Assert.Contains("SHA256:", error.Message, StringComparison.Ordinal);
        Assert.Contains("-HostKeyPolicy AcceptNew", error.Message, StringComparison.Ordinal);
        Assert.Contains("ssh-keyscan", error.Message, StringComparison.Ordinal);
        Assert.Empty(await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task ConnectAsync_UnknownKeyUnderAcceptNew_IsAddedAndKnownToSsh()
    {
        string file = server.NewFile("kh", "# mine");
        MeshVm vm = server.Vm with { KnownHostsFile = file };

        await ConnectAsync(vm, HostKeyPolicy.AcceptNew);
        string once = await File.ReadAllTextAsync(file);
        await ConnectAsync(vm, HostKeyPolicy.AcceptNew);

        Assert.StartsWith($"# mine\n{Name} ssh-ed25519 ", once, StringComparison.Ordinal);
        Assert.Equal(once, await File.ReadAllTextAsync(file));
        await ConnectAsync(vm);
        await SshServer.RunAsync("ssh-keygen", "-F", Name, "-f", file);
    }

    [Fact]
    public async Task ConnectAsync_FolderOfKnownHostsMissing_IsMadeForTheUserOnly()
    {
        string folder = Path.Combine(server.Folder, "new", "ssh");

        await ConnectAsync(server.Vm with { KnownHostsFile = Path.Combine(folder, "known_hosts") }, HostKeyPolicy.AcceptNew);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "known_hosts")));
    }

    [Theory]
    [InlineData(HostKeyPolicy.Strict)]
    [InlineData(HostKeyPolicy.AcceptNew)]
    public async Task ConnectAsync_ChangedKey_IsRefusedNamingFileAndLine(HostKeyPolicy policy)
    {
        string other = server.NewFile("other", "");
        File.Delete(other);
        await SshServer.MakeKeyAsync(other, "ed25519");
        string file = server.NewFile("kh", $"# first\n{Name} {await File.ReadAllTextAsync(other + ".pub")}");
        string before = await File.ReadAllTextAsync(file);

        MeshException error = await FailAsync(server.Vm with { KnownHostsFile = file }, policy);

        Assert.Equal(MeshErrorCode.HostKeyMismatch, error.Code);
        Assert.Contains($"'{file}' line 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task ConnectAsync_RevokedKey_IsRefused()
    {
        string file = server.NewFile(
            "kh", $"{Name} {server.HostKey("ed25519")}\n@revoked * {server.HostKey("ed25519")}\n");

        MeshException error = await FailAsync(server.Vm with { KnownHostsFile = file }, HostKeyPolicy.AcceptNew);

        Assert.Equal(MeshErrorCode.HostKeyMismatch, error.Code);
        Assert.Contains("@revoked", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_ManyNewVmsOnOneFile_LoseNoLine()
    {
        string file = server.NewFile("kh", "");
        string[] hosts = [.. Enumerable.Range(1, 40).Select(i => $"127.0.0.{i}")];

        // The server listens on one address; that a name is new is all that matters here.
        Parallel.ForEach(
            hosts,
            new ParallelOptions { MaxDegreeOfParallelism = 40 },
            host => KnownHostsFile.Add(file, host, server.Port, "ssh-ed25519", [0, 0, 0, 1, 65]));

        string[] lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(
            hosts.Select(host => $"[{host}]:{server.Port} ssh-ed25519 AAAAAUE=").Order(), lines.Order());
    }

    [Fact]
    public async Task ConnectAsync_KeyNotLetIn_IsAuthenticationFailedNamingUserAndKey()
    {
        string key = server.NewFile("k", "");
        File.Delete(key);
        await SshServer.MakeKeyAsync(key, "ed25519");

        MeshException error = await FailAsync(server.Vm with { KeyFile = key });

        Assert.Equal(MeshErrorCode.SshAuthenticationFailed, error.Code);
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Environment.UserName}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_WrongPassword_IsAuthenticationFailedWithoutIt()
    {
        SshOptions options = new() { Credential = new NetworkCredential("nobody", "hunter2") };

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => _connector.ConnectAsync(server.Vm, options, default));

        Assert.Equal(MeshErrorCode.SshAuthenticationFailed, error.Code);
        Assert.Contains("'nobody'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_EncryptedKey_IsKeyFileInvalidWithRemedy()
    {
        string key = server.NewFile("k", "");
        File.Delete(key);
        await SshServer.MakeKeyAsync(key, "ed25519", "secret words");

        MeshException error = await FailAsync(server.Vm with { KeyFile = key });

        Assert.Equal(MeshErrorCode.KeyFileInvalid, error.Code);
        Assert.Contains("passphrase", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no key at all")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n")]
    [InlineData("")]
    public async Task ConnectAsync_KeyFileThatIsNone_IsKeyFileInvalid(string text)
    {
        MeshException error = await FailAsync(server.Vm with { KeyFile = server.NewFile("k", text) });

        Assert.Equal(MeshErrorCode.KeyFileInvalid, error.Code);
    }

    [Fact]
    public async Task ConnectAsync_KeyFileMissing_IsKeyFileInvalid()
    {
        MeshException error = await FailAsync(server.Vm with { KeyFile = "/nowhere/key" });

        Assert.Equal(MeshErrorCode.KeyFileInvalid, error.Code);
        Assert.Contains("'/nowhere/key'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_PortClosed_IsVmUnreachableNamingVmHostAndPort()
    {
        int port = SshServer.FreePort();

        MeshException error = await FailAsync(server.Vm with { SshPort = port });

        Assert.Equal(MeshErrorCode.VmUnreachable, error.Code);
        Assert.Contains("'vm1'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1 port {port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_NameUnknown_IsVmUnreachable()
    {
        MeshException error = await FailAsync(server.Vm with { SshHost = "no-such-host.invalid" });

        Assert.Equal(MeshErrorCode.VmUnreachable, error.Code);
        Assert.Contains("'no-such-host.invalid' can't be resolved", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_HostGivenByName_ChecksTheKeyUnderThatName()
    {
        string file = server.NewFile("kh", $"[localhost]:{server.Port} {server.HostKey("ed25519")}\n");

        await ConnectAsync(server.Vm with { SshHost = "localhost", KnownHostsFile = file });
    }

    [Fact]
    public async Task ConnectAsync_PortThatSpeaksNoSsh_IsVmUnreachable()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        _ = Task.Run(async () =>
        {
            using TcpClient client = await listener.AcceptTcpClientAsync();
        });

        MeshException error = await FailAsync(
            server.Vm with { SshPort = ((IPEndPoint)listener.LocalEndpoint).Port });

        Assert.Equal(MeshErrorCode.VmUnreachable, error.Code);
    }

    [Fact]
    public async Task ConnectAsync_SilentPort_TimesOut()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        SshOptions options = new() { ConnectTimeout = TimeSpan.FromMilliseconds(300) };

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => _connector.ConnectAsync(
            server.Vm with { SshPort = ((IPEndPoint)listener.LocalEndpoint).Port }, options, default));

        Assert.Equal(MeshErrorCode.VmUnreachable, error.Code);
        Assert.Contains("0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectAsync_CancelledWhileTheServerIsSilent_ReturnsAtOnce()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using CancellationTokenSource stop = new();
        Task<IRemoteShell> connecting = _connector.ConnectAsync(
            server.Vm with { SshPort = ((IPEndPoint)listener.LocalEndpoint).Port }, new SshOptions(), stop.Token);
        using TcpClient accepted = await listener.AcceptTcpClientAsync();

        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1));
    }

    private async Task ConnectAsync(MeshVm vm, HostKeyPolicy policy = HostKeyPolicy.Strict)
    {
        await using IRemoteShell shell = await _connector.ConnectAsync(vm, new SshOptions { HostKeyPolicy = policy }, default);
        Assert.Equal("up\n", (await shell.RunAsync("echo up", null, default)).Output);
    }

    private Task<MeshException> FailAsync(MeshVm vm, HostKeyPolicy policy = HostKeyPolicy.Strict) =>
        Assert.ThrowsAsync<MeshException>(
            () => _connector.ConnectAsync(vm, new SshOptions { HostKeyPolicy = policy }, default));
}
