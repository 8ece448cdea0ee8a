using System.Net;

namespace HybridMesh.Core;

/// <summary>What to do with a host key that is in no known_hosts file; a changed key is always refused.</summary>
public enum HostKeyPolicy
{
    /// <summary>Refuse it.</summary>
    Strict,
    /// <summary>Add it to the known_hosts file and go on.</summary>
    AcceptNew,
}

/// <summary>How VMs are connected to.</summary>
public sealed record SshOptions
{
    /// <summary>What to do with unknown host keys. The default is Strict.</summary>
    public HostKeyPolicy HostKeyPolicy { get; init; }

    /// <summary>A user and password tried after the keys; null for keys only.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>How long connecting may take. The default is 15 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);
}

/// <summary>Connects to VMs.</summary>
public interface IRemoteShellConnector
{
    /// <summary>
    /// Connects and authenticates. Throws VmUnreachable, SshAuthenticationFailed, HostKeyUnknown, HostKeyMismatch or
    /// KeyFileInvalid, each naming the VM and the remedy.
    /// </summary>
    Task<IRemoteShell> ConnectAsync(MeshVm vm, SshOptions options, CancellationToken cancellationToken);
}

/// <summary>A shell on one VM.</summary>
public interface IRemoteShell : IAsyncDisposable
{
    /// <summary>The VM.</summary>
    MeshVm Vm { get; }

    /// <summary>The user logged in as.</summary>
    string UserName { get; }

    /// <summary>
    /// Runs a command line by the VM's POSIX shell (sh), whatever the user's login shell is, and waits for its end.
    /// Without standard input it reads an empty one. Cancelling ends the remote command too, within a second.
    /// </summary>
    Task<CommandResult> RunAsync(string command, string? standardInput, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a file on the VM by SFTP, as the user logged in as: from the content's position to its end, over what
    /// was there. Throws SftpUnavailable when the VM offers none, RemoteCommandFailed when it can't be written there.
    /// Cancelling ends it within a second and may leave a part of the file, so upload to a temporary name.
    /// </summary>
    /// <param name="content">The content.</param>
    /// <param name="path">The absolute path on the VM; its folder exists.</param>
    /// <param name="mode">The file's mode, which it has before it has content.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task UploadAsync(Stream content, string path, UnixFileMode mode, CancellationToken cancellationToken);
}
