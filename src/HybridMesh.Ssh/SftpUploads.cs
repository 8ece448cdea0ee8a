using HybridMesh.Core;
using Renci.SshNet;
using Renci.SshNet.Sftp;

namespace HybridMesh.Ssh;

/// <summary>
/// Files sent to one VM by SFTP. The connection is made at the first file. SSH.NET blocks in its asynchronous methods
/// too, so the work runs on a thread of its own; what is cancelled is cut off there and not waited for.
/// </summary>
internal sealed class SftpUploads(Func<SftpClient> connect, MeshVm vm) : IDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly object _gate = new();
    private SftpClient? _client;
    private bool _closed;

    /// <summary>Writes a file; the content is read on another thread until the returned task ends.</summary>
    public async Task WriteAsync(Stream content, string path, UnixFileMode mode, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        using CancellationTokenSource end = new();
        Task writing = OwnThread.RunAsync(() => Write(content, path, mode, end.Token));
        try
        {
            await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await end.CancelAsync().ConfigureAwait(false);
            // The thread may wait for an answer that never comes: the connection is cut off under it.
            _ = OwnThread.RunAsync(Dispose);
            _ = writing.ContinueWith(
                static task => _ = task.Exception,
                CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
        catch (Exception e) when (SshFailures.OfUploading(vm, path, e) is { } meaning)
        {
            throw meaning;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        SftpClient? client;
        lock (_gate)
        {
            _closed = true;
            client = _client;
            _client = null;
        }

        client?.Dispose();
    }

    private void Write(Stream content, string path, UnixFileMode mode, CancellationToken end)
    {
        SftpClient client = Connected();
        using SftpFileStream file = client.Open(path, FileMode.Create, FileAccess.Write);
        client.ChangePermissions(path, Octal(mode));
        byte[] buffer = new byte[BufferSize];
        while (content.Read(buffer) is > 0 and int count)
        {
            end.ThrowIfCancellationRequested();
            file.Write(buffer, 0, count);
        }
    }

    private SftpClient Connected()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_client is not null)
            {
                return _client;
            }
        }

        SftpClient client = connect();
        lock (_gate)
        {
            if (!_closed)
            {
                return _client = client;
            }
        }

        client.Dispose();
        throw new ObjectDisposedException(nameof(SftpUploads));
    }

    // SSH.NET wants the octal digits as a decimal number: 600 for rw-------.
    private static short Octal(UnixFileMode mode)
    {
        int bits = (int)mode;
        return (short)((((bits >> 6) & 7) * 100) + (((bits >> 3) & 7) * 10) + (bits & 7));
    }
}
