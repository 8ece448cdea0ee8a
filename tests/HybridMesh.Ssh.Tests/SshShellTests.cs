using System.Diagnostics;
using HybridMesh.Core;

namespace HybridMesh.Ssh.Tests;

public sealed class SshShellTests(SshServer server) : IClassFixture<SshServer>
{
    private readonly SshConnector _connector = new();

    [Fact]
    public async Task RunAsync_Command_GivesExitCodeAndBothOutputs()
    {
        await using IRemoteShell shell = await ConnectAsync();

        CommandResult result = await shell.RunAsync("echo out; echo err >&2; exit 7", null, default);

        Assert.Equal(new CommandResult(7, "out\n", "err\n"), result);
        Assert.Equal(Environment.UserName, shell.UserName);
    }

    [Fact]
    public async Task RunAsync_StandardInput_ReachesTheCommandAsUtf8()
    {
        await using IRemoteShell shell = await ConnectAsync();

        CommandResult result = await shell.RunAsync("cat", "Adióbais\n'quoted'\n", default);

        Assert.Equal("Adióbais\n'quoted'\n", result.Output);
    }

    [Fact]
    public async Task RunAsync_NoStandardInput_IsEndOfFile()
    {
        await using IRemoteShell shell = await ConnectAsync();

        CommandResult result = await shell.RunAsync("wc -c", null, default).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal("0", result.Output.Trim());
    }

    [Fact]
    public async Task RunAsync_TenMegabytesEachWay_Arrive()
    {
        await using IRemoteShell shell = await ConnectAsync();
        string text = string.Concat(Enumerable.Repeat("0123456789abcde\n", 10 * 65536));

        CommandResult result = await shell.RunAsync("cat", text, default);

        Assert.Equal(text.Length, result.Output.Length);
        Assert.Equal(text, result.Output);
    }

    [Fact]
    public async Task RunAsync_CommandThatReadsNoInput_EndsAtOnce()
    {
        await using IRemoteShell shell = await ConnectAsync();
        string much = new('x', 20_000_000);

        CommandResult result = await shell.RunAsync("exit 3", much, default).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(3, result.ExitCode);
    }

    [Fact]
    public async Task RunAsync_CommandKilledBySignal_GivesTheShellsNumber()
    {
        await using IRemoteShell shell = await ConnectAsync();

        CommandResult result = await shell.RunAsync("kill -KILL $$", null, default);

        Assert.Equal(137, result.ExitCode);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsTheRemoteCommandWithinASecond()
    {
        await using IRemoteShell shell = await ConnectAsync();
        string file = server.NewFile("pid", "");
        using CancellationTokenSource stop = new();
        Task<CommandResult> running = shell.RunAsync($"echo $$ > {file}; exec sleep 600", null, stop.Token);
        await UntilAsync(() => File.ReadAllText(file).EndsWith('\n'));
        string process = $"/proc/{File.ReadAllText(file).Trim()}";
        Assert.True(Directory.Exists(process));

        Stopwatch watch = Stopwatch.StartNew();
        await stop.CancelAsync();
        Assert.True(watch.ElapsedMilliseconds < 300, "Cancelling itself must not block.");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1));
        await UntilAsync(() => !Directory.Exists(process));
    }

    [Fact]
    public async Task RunAsync_ServerGone_IsVmUnreachable()
    {
        await using IRemoteShell shell = await ConnectAsync();

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => shell.RunAsync("kill -KILL $PPID; sleep 60", null, default).WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Equal(MeshErrorCode.VmUnreachable, error.Code);
        Assert.Contains("'vm1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ManyAtOnceOnOneShell_DoNotMix()
    {
        await using IRemoteShell shell = await ConnectAsync();

        CommandResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => shell.RunAsync($"echo {i}", null, default)));

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"{i}\n"), results.Select(result => result.Output));
    }

    internal static async Task UntilAsync(Func<bool> condition)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "The condition did not come true.");
            await Task.Delay(10);
        }
    }

    private Task<IRemoteShell> ConnectAsync() => _connector.ConnectAsync(server.Vm, new SshOptions(), default);
}
