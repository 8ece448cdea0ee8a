using System.Security.Cryptography;

namespace HybridMesh.Core;

/// <summary>
/// A private folder on a VM for files on their way. It goes with <see cref="DisposeAsync"/>; after Ctrl+C, or when the
/// connection breaks, the VM itself removes it.
/// </summary>
internal sealed class StageFolder : IAsyncDisposable
{
    // The watch ends with the folder, or with sshd's process of this session, whichever is first.
    private const string Make = """
        umask 077
        mkdir -m 700 "$d" || exit 1
        (
          trap 'rm -rf "$d"; exit' HUP INT TERM
          while [ -d "$d" ] && kill -0 "$PPID"; do sleep 1; done
          rm -rf "$d"
        ) > /dev/null 2>&1 < /dev/null &
        """;

    private readonly IRemoteShell _shell;
    private readonly CancellationToken _cancellationToken;

    private StageFolder(IRemoteShell shell, string path, CancellationToken cancellationToken)
    {
        _shell = shell;
        Path = path;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    public static async Task<StageFolder> MakeAsync(IRemoteShell shell, CancellationToken cancellationToken)
    {
        StageFolder folder = new(
            shell, $"/tmp/hybridmesh-{RandomNumberGenerator.GetHexString(16, lowercase: true)}", cancellationToken);
        CommandResult result = await shell
            .RunAsync($"d={folder.Path}\n{Make}", null, cancellationToken).ConfigureAwait(false);
        return result.ExitCode == 0
            ? folder
            : throw RootShell.Failed(shell, $"A temporary folder can't be made in /tmp on VM {shell.Vm}", result);
    }

    /// <summary>Sends a file into the folder.</summary>
    public Task UploadAsync(string name, Stream content, CancellationToken cancellationToken) => _shell.UploadAsync(
        content, $"{Path}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _shell.RunAsync($"rm -rf {Path}", null, _cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or MeshException)
        {
            // The VM's own watch does it, as soon as the connection is closed.
        }
    }
}
