using System.Net;
using System.Net.Sockets;
using HybridMesh.Core;

namespace HybridMesh.Ssh.Tests;

/// <summary>Connections are made side by side, however few threads the pool has.</summary>
public sealed class FanOutSpeedTests(SshServer server) : IClassFixture<SshServer>
{
    [Fact]
    public async Task ConnectAsync_32SilentServers_AreAllWaitedForAtOnce()
    {
        // Servers that accept and say nothing: 32 connections must be open together before any of them ends.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start(64);
        MeshVm vm = server.Vm with { SshPort = ((IPEndPoint)listener.LocalEndpoint).Port };
        using CancellationTokenSource stop = new(TimeSpan.FromSeconds(10));
        SshConnector connector = new();
        Task[] connecting =
            [.. Enumerable.Range(0, 32).Select(_ => connector.ConnectAsync(vm, new SshOptions(), stop.Token))];
        List<Socket> accepted = [];

        while (accepted.Count < 32)
        {
            accepted.Add(await listener.AcceptSocketAsync(stop.Token));
        }

        Assert.All(connecting, task => Assert.False(task.IsCompleted));
        await stop.CancelAsync();
        accepted.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task RunAsync_32CommandsThatWait_AllRunTogether()
    {
        // Each command waits until all 32 have come: one at a time would never end.
        string folder = Path.Combine(server.Folder, "meeting");
        Directory.CreateDirectory(folder);
        string command = $"echo > {folder}/$$; while [ $(ls {folder} | wc -l) -lt 32 ]; do sleep 0.05; done";
        FanOutOptions options = new(32, TimeSpan.FromSeconds(45));
        SshConnector connector = new();
        int done = 0;

        await foreach (FanOutResult<int, int> result in FanOut.RunAsync(
            [.. Enumerable.Range(0, 32)], options, RunOneAsync, CancellationToken.None))
        {
            Assert.Null(result.Error);
            done++;
        }

        Assert.Equal(32, done);

        async Task<int> RunOneAsync(int item, CancellationToken token)
        {
            await using IRemoteShell shell = await connector.ConnectAsync(server.Vm, new SshOptions(), token);
            return (await shell.RunAsync(command, null, token)).ExitCode;
        }
    }
}
