using System.Diagnostics;
using System.Security.Cryptography;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Ssh.Tests;

public sealed class SftpUploadTests(SshServer server, SshServerWithoutSftp bare)
    : IClassFixture<SshServer>, IClassFixture<SshServerWithoutSftp>
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task UploadAsync_AnySize_ArrivesByteForByte(int size)
    {
        byte[] content = RandomNumberGenerator.GetBytes(size);
        string path = server.NewFile("old", new string('x', 5000));
        await using IRemoteShell shell = await ConnectAsync(server);

        await shell.UploadAsync(new MemoryStream(content), path, Public, default);

        Assert.Equal(content, await File.ReadAllBytesAsync(path));
    }

    [Theory]
    [InlineData(Private)]
    [InlineData(Public)]
    [InlineData(UnixFileMode.UserRead)]
    public async Task UploadAsync_Mode_IsThatOfTheFile(UnixFileMode mode)
    {
        string path = server.NewFile("a", "") + ".new";
        await using IRemoteShell shell = await ConnectAsync(server);

        await shell.UploadAsync(new MemoryStream([1]), path, mode, default);

        Assert.Equal(mode, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task UploadAsync_ManyAtOnceOnOneShell_DoNotMix()
    {
        string folder = Path.GetDirectoryName(server.NewFile("a", ""))!;
        await using IRemoteShell shell = await ConnectAsync(server);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            shell.UploadAsync(new MemoryStream([(byte)i]), $"{folder}/{i}", Private, default)));

        Assert.All(Enumerable.Range(0, 8), i => Assert.Equal([(byte)i], File.ReadAllBytes($"{folder}/{i}")));
    }

    [Fact]
    public async Task UploadAsync_NoSuchFolder_NamesTheFileAndTheVm()
    {
        await using IRemoteShell shell = await ConnectAsync(server);

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => shell.UploadAsync(new MemoryStream([1]), "/no/such/folder/f", Private, default));

        Assert.Equal(MeshErrorCode.RemoteCommandFailed, error.Code);
        Assert.Contains("'/no/such/folder/f'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'vm1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UploadAsync_NoSftpSubsystem_IsSaidWithTheRemedy()
    {
        await using IRemoteShell shell = await ConnectAsync(bare);

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => shell.UploadAsync(new MemoryStream([1]), "/tmp/f", Private, default));

        Assert.Equal(MeshErrorCode.SftpUnavailable, error.Code);
        Assert.Contains("Subsystem sftp internal-sftp", error.Message, StringComparison.Ordinal);
        Assert.Equal("still\n", (await shell.RunAsync("echo still", null, default)).Output);
    }

    [Fact]
    public async Task UploadAsync_HostKeyChangedSinceTheLogin_IsRefused()
    {
        string known = server.NewFile("known_hosts", await File.ReadAllTextAsync(server.KnownHostsFile));
        await using IRemoteShell shell = await new SshConnector().ConnectAsync(
            server.Vm with { KnownHostsFile = known }, new SshOptions(), default);
        string name = KnownHosts.LookupName("127.0.0.1", server.Port);
        await File.WriteAllTextAsync(known, $"{name} {bare.HostKey("ed25519")}\n");

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => shell.UploadAsync(new MemoryStream([1]), "/tmp/f", Private, default));

        Assert.Equal(MeshErrorCode.HostKeyMismatch, error.Code);
    }

    [Fact]
    public async Task UploadAsync_CancelledWhileTheVmHangs_EndsWithinASecond()
    {
        string path = server.NewFile("f", "");
        IRemoteShell shell = await ConnectAsync(server);
        await shell.UploadAsync(new MemoryStream([1]), path, Private, default);
        // Every process of this server, and so both connections of the shell.
        string[] sessions = (await ProcessResult.RunAsync("ps", ["-e", "-o", "pid=,ppid="])).Text.Split('\n');
        string[] frozen = [.. Descendants(sessions, $"{server.ProcessId}")];
        Assert.NotEmpty(frozen);
        using CancellationTokenSource stop = new();
        await ProcessResult.RunAsync("kill", ["-STOP", .. frozen]);
        try
        {
            Task upload = shell.UploadAsync(new MemoryStream(new byte[8_000_000]), path, Private, stop.Token);
            Stopwatch watch = Stopwatch.StartNew();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
            await shell.DisposeAsync();

            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed}");
        }
        finally
        {
            await ProcessResult.RunAsync("kill", ["-CONT", .. frozen]);
        }
    }

    private static IEnumerable<string> Descendants(string[] processes, string parent) =>
        from line in processes
        let words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where words.Length == 2 && words[1] == parent
        from process in (string[])[words[0], .. Descendants(processes, words[0])]
        select process;

    private static Task<IRemoteShell> ConnectAsync(SshServer to) =>
        new SshConnector().ConnectAsync(to.Vm, new SshOptions(), default);
}
