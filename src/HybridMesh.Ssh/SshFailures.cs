using System.Globalization;
using System.Net.Sockets;
using HybridMesh.Core;
using Renci.SshNet.Common;

namespace HybridMesh.Ssh;

/// <summary>What SSH.NET's exceptions mean to a user.</summary>
internal static class SshFailures
{
    public static MeshException NameUnknown(MeshVm vm, Exception? cause) => new(
        MeshErrorCode.VmUnreachable,
        $"VM {vm}: the host name '{vm.SshHost}' can't be resolved; is its SshHost right?",
        vm,
        cause);

    public static MeshException NothingToLogInWith(MeshVm vm, Login login) => new(
        MeshErrorCode.SshAuthenticationFailed,
        $"There is nothing to log in to VM {vm} with as '{login.UserName}': {login.Description}. Set the VM's KeyFile, "
        + "make a default key with ssh-keygen, or give -Credential.",
        vm);

    /// <summary>The meaning of a failure to connect; null when it is none of SSH.NET's.</summary>
    public static MeshException? OfConnecting(
        MeshVm vm, SshOptions options, Login login, MeshException? refusal, Exception cause)
    {
        string place = Place(vm);
        return cause switch
        {
            _ when refusal is not null => new MeshException(refusal.Code, refusal.Message, vm, cause),
            SshAuthenticationException => new MeshException(
                MeshErrorCode.SshAuthenticationFailed,
                $"VM {vm} at {place} did not let '{login.UserName}' in with {login.Description}. Check the user, "
                + "that the public key is in its ~/.ssh/authorized_keys, or give -Credential.",
                vm,
                cause),
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => Unreachable(
                vm, $"VM {vm} refused the connection to {place}; is sshd running there, and on that port?", cause),
            SocketException { SocketErrorCode: SocketError.TimedOut } or SshOperationTimeoutException => Unreachable(
                vm,
                $"VM {vm} did not answer at {place} within {Seconds(options.ConnectTimeout)} s; is it up, and does a "
                + "firewall let you through?",
                cause),
            SocketException e => Unreachable(vm, $"VM {vm} can't be reached at {place}: {e.Message}.", cause),
            SshConnectionException or ProxyException => Unreachable(
                vm,
                $"VM {vm} at {place} broke off the SSH handshake ({cause.Message.TrimEnd('.')}). Is that port "
                + "sshd's, and is its MaxStartups high enough for -ThrottleLimit?",
                cause),
            SshException or ObjectDisposedException => Unreachable(
                vm, $"SSH with VM {vm} at {place} failed: {cause.Message}", cause),
            _ => null,
        };
    }

    /// <summary>The meaning of a failure while a command ran.</summary>
    public static MeshException OfRunning(MeshVm vm, Exception cause) => Unreachable(
        vm,
        $"The SSH connection to VM {vm} at {Place(vm)} broke while a command ran there ({cause.Message.TrimEnd('.')}).",
        cause);

    /// <summary>The meaning of a login that got no SFTP.</summary>
    public static MeshException NoSftp(MeshVm vm, Exception cause) => new(
        MeshErrorCode.SftpUnavailable,
        $"VM {vm} at {Place(vm)} offers no SFTP, by which files are delivered. Add 'Subsystem sftp internal-sftp' to "
        + "its /etc/ssh/sshd_config and reload sshd.",
        vm,
        cause);

    /// <summary>The meaning of a failure while a file was written; null when it is none of SSH.NET's.</summary>
    public static MeshException? OfUploading(MeshVm vm, string path, Exception cause) => cause switch
    {
        SftpException => new MeshException(
            MeshErrorCode.RemoteCommandFailed,
            $"The file '{path}' can't be written on VM {vm} by SFTP: {cause.Message.TrimEnd('.')}.",
            vm,
            cause),
        SshException or ObjectDisposedException or SocketException => Unreachable(
            vm,
            $"The SSH connection to VM {vm} at {Place(vm)} broke while a file was sent there "
            + $"({cause.Message.TrimEnd('.')}).",
            cause),
        _ => null,
    };

    private static MeshException Unreachable(MeshVm vm, string message, Exception cause) =>
        new(MeshErrorCode.VmUnreachable, message, vm, cause);

    private static string Place(MeshVm vm) =>
        string.Create(CultureInfo.InvariantCulture, $"{vm.SshHost} port {vm.SshPort}");

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
}
