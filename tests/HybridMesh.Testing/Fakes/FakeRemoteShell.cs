using System.Collections.Concurrent;
using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>A command a fake VM was asked to run.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Command">The command line.</param>
/// <param name="StandardInput">What it was given to read.</param>
public sealed record FakeCommand(MeshVm Vm, string Command, string? StandardInput);

/// <summary>A file a fake VM was sent.</summary>
/// <param name="Vm">The VM.</param>
/// <param name="Path">Where to.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="Content">Its bytes.</param>
public sealed record FakeUpload(MeshVm Vm, string Path, UnixFileMode Mode, byte[] Content);

/// <summary>VMs whose answers the test writes.</summary>
public sealed class FakeRemoteShellConnector : IRemoteShellConnector
{
    /// <summary>Answers commands. By default they succeed and print nothing.</summary>
    public Func<FakeCommand, CancellationToken, Task<CommandResult>> OnRun { get; set; } =
        (_, _) => Task.FromResult(new CommandResult(0, "", ""));

    /// <summary>Failures of connecting, by the VM's name.</summary>
    public ConcurrentDictionary<string, MeshException> ConnectFailures { get; } = [];

    /// <summary>The VMs connected to, and by which options.</summary>
    public ConcurrentQueue<(MeshVm Vm, SshOptions Options)> Connections { get; } = [];

    /// <summary>The commands run, in order.</summary>
    public ConcurrentQueue<FakeCommand> Commands { get; } = [];

    /// <summary>Takes files. By default they are kept in <see cref="Uploads"/>.</summary>
    public Func<FakeUpload, CancellationToken, Task> OnUpload { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The files sent, in order.</summary>
    public ConcurrentQueue<FakeUpload> Uploads { get; } = [];

    /// <summary>How many shells have been opened and not yet closed.</summary>
    public int OpenShells => _openShells;

    private int _openShells;

    /// <inheritdoc/>
    public Task<IRemoteShell> ConnectAsync(MeshVm vm, SshOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Connections.Enqueue((vm, options));
        if (ConnectFailures.TryGetValue(vm.Name, out MeshException? failure))
        {
            return Task.FromException<IRemoteShell>(failure);
        }

        Interlocked.Increment(ref _openShells);
        return Task.FromResult<IRemoteShell>(new Shell(this, vm));
    }

    private sealed class Shell(FakeRemoteShellConnector owner, MeshVm vm) : IRemoteShell
    {
        public MeshVm Vm => vm;

        public string UserName => vm.User ?? "root";

        public Task<CommandResult> RunAsync(string command, string? standardInput, CancellationToken cancellationToken)
        {
            FakeCommand asked = new(vm, command, standardInput);
            owner.Commands.Enqueue(asked);
            return owner.OnRun(asked, cancellationToken);
        }

        public async Task UploadAsync(
            Stream content, string path, UnixFileMode mode, CancellationToken cancellationToken)
        {
            using MemoryStream copy = new();
            await content.CopyToAsync(copy, cancellationToken);
            FakeUpload upload = new(vm, path, mode, copy.ToArray());
            owner.Uploads.Enqueue(upload);
            await owner.OnUpload(upload, cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref owner._openShells);
            return ValueTask.CompletedTask;
        }
    }
}
