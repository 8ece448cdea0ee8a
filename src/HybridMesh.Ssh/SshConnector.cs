using System.Net;
using HybridMesh.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace HybridMesh.Ssh;

/// <summary>Connects to VMs with SSH.NET.</summary>
public sealed class SshConnector : IRemoteShellConnector
{
    // Only a command given up is closed before its end; it must not hold up Ctrl+C.
    private static readonly TimeSpan ChannelCloseTimeout = TimeSpan.FromMilliseconds(200);

    /// <inheritdoc/>
    public async Task<IRemoteShell> ConnectAsync(MeshVm vm, SshOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(vm);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<IPAddress> addresses = await ResolveAsync(vm, cancellationToken).ConfigureAwait(false);
        Task<SshShell> connecting = OwnThread.RunAsync(() => Connect(vm, options, addresses, cancellationToken));
        try
        {
            return await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // SSH.NET can't be interrupted in the middle of a key exchange. The thread ends within the connect
            // time-out; a shell that still comes out of it is closed.
            _ = connecting.ContinueWith(
                static task => task.IsCompletedSuccessfully
                    ? task.GetAwaiter().GetResult().DisposeAsync().AsTask() : Ignore(task),
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }
    }

    private static Task Ignore(Task task)
    {
        _ = task.Exception; // observed
        return Task.CompletedTask;
    }

    private static async Task<IReadOnlyList<IPAddress>> ResolveAsync(MeshVm vm, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(vm.SshHost, out IPAddress? literal))
        {
            return [literal];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(vm.SshHost, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            throw SshFailures.NameUnknown(vm, e);
        }
    }

    private static SshShell Connect(
        MeshVm vm, SshOptions options, IReadOnlyList<IPAddress> addresses, CancellationToken cancellationToken)
    {
        MeshException? failure = null;
        foreach (IPAddress address in addresses)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return Connect(vm, options, address, cancellationToken);
            }
            catch (MeshException e) when (e.Code == MeshErrorCode.VmUnreachable)
            {
                failure = e;
            }
        }

        throw failure ?? SshFailures.NameUnknown(vm, null);
    }

    private static SshShell Connect(
        MeshVm vm, SshOptions options, IPAddress address, CancellationToken cancellationToken)
    {
        Login login = Login.For(vm, options);
        HostKeyCheck check = new(vm, options.HostKeyPolicy);
        SshClient? client = null;
        try
        {
            if (login.Methods.Count == 0)
            {
                throw SshFailures.NothingToLogInWith(vm, login);
            }

            client = new SshClient(Describe(vm, options, address, login, check));
            client.HostKeyReceived += (sender, e) =>
            {
                if (cancellationToken.IsCancellationRequested)
                {
                    e.CanTrust = false;
                    return;
                }

                check.OnHostKeyReceived(sender, e);
            };
            client.Connect();
            return new SshShell(vm, client, login, new SftpUploads(() => ConnectSftp(vm, options, address, login), vm));
        }
        catch (Exception e)
        {
            client?.Dispose();
            login.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (e is MeshException || SshFailures.OfConnecting(vm, options, login, check.Refusal, e) is not { } meaning)
            {
                throw;
            }

            throw meaning;
        }
    }

    // SSH.NET runs no two kinds of channel over one connection of its public classes, so files take a second one.
    private static SftpClient ConnectSftp(MeshVm vm, SshOptions options, IPAddress address, Login login)
    {
        HostKeyCheck check = new(vm, options.HostKeyPolicy);
        SftpClient client = new(Describe(vm, options, address, login, check))
        {
            OperationTimeout = options.ConnectTimeout,
        };
        client.HostKeyReceived += check.OnHostKeyReceived;
        try
        {
            client.Connect();
            return client;
        }
        catch (Exception e)
        {
            bool authenticated = client.ConnectionInfo.IsAuthenticated;
            client.Dispose();
            throw authenticated && e is SshException or ObjectDisposedException
                ? SshFailures.NoSftp(vm, e)
                : SshFailures.OfConnecting(vm, options, login, check.Refusal, e) ?? e;
        }
    }

    private static ConnectionInfo Describe(
        MeshVm vm, SshOptions options, IPAddress address, Login login, HostKeyCheck check)
    {
        ConnectionInfo connection = new(address.ToString(), vm.SshPort, login.UserName, [.. login.Methods])
        {
            Timeout = options.ConnectTimeout,
            ChannelCloseTimeout = ChannelCloseTimeout,
        };
        check.Prefer(connection);
        return connection;
    }
}
