using System.Text;
using HybridMesh.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace HybridMesh.Ssh;

/// <summary>A shell on one VM over one SSH connection.</summary>
internal sealed class SshShell : IRemoteShell
{
    // How long a command may take to end after a signal, and how long all of ending may take.
    private const int GraceMilliseconds = 150;
    private static readonly TimeSpan EndLimit = TimeSpan.FromMilliseconds(700);

    // sshd passes no signals on to the commands of root. Its processes are found by the connection they belong to,
    // which sshd writes into their environment.
    private const string EndAll = """
        exec sh -c 'for p in /proc/[0-9]*; do
          [ "${p#/proc/}" != $$ ] && tr "\0" "\n" < $p/environ | grep -qxF "SSH_CONNECTION=$SSH_CONNECTION" &&
            kill "${p#/proc/}"
        done' 2> /dev/null
        """;

    private static readonly Dictionary<string, int> Signals = new(StringComparer.Ordinal)
    {
        ["HUP"] = 1,
        ["INT"] = 2,
        ["QUIT"] = 3,
        ["ILL"] = 4,
        ["ABRT"] = 6,
        ["FPE"] = 8,
        ["KILL"] = 9,
        ["USR1"] = 10,
        ["SEGV"] = 11,
        ["USR2"] = 12,
        ["PIPE"] = 13,
        ["ALRM"] = 14,
        ["TERM"] = 15,
    };

    private readonly SshClient _client;
    private readonly Login _login;
    private readonly SftpUploads _uploads;

    public SshShell(MeshVm vm, SshClient client, Login login, SftpUploads uploads)
    {
        Vm = vm;
        _client = client;
        _login = login;
        _uploads = uploads;
    }

    public MeshVm Vm { get; }

    public string UserName => _login.UserName;

    public async Task<CommandResult> RunAsync(
        string command, string? standardInput, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // "exec" and single quotes mean the same to every login shell, fish and csh included.
        string line =
            $"exec sh -c {ShellWord.Quote(command)}{(string.IsNullOrEmpty(standardInput) ? " < /dev/null" : "")}";
        SshCommand running = _client.CreateCommand(line, Encoding.UTF8);
        // We don't pass the token to SSH.NET: its cancellation blocks the thread that cancels for half a second per
        // command, which for 32 VMs is Ctrl+C that takes 16 s.
        Task<Task> start = OwnThread.RunAsync(() => Start(running, standardInput, cancellationToken));
        Task run = start.Unwrap();
        try
        {
            await run.WaitAsync(cancellationToken).ConfigureAwait(false);
            CommandResult result = new(ExitCode(running), running.Result, running.Error);
            running.Dispose();
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(running, start, run).ConfigureAwait(false);
            throw;
        }
        catch (Exception e) when (e is SshException or ObjectDisposedException or System.Net.Sockets.SocketException)
        {
            running.Dispose();
            throw SshFailures.OfRunning(Vm, e);
        }
    }

    public Task UploadAsync(
        Stream content, string path, UnixFileMode mode, CancellationToken cancellationToken) =>
        _uploads.WriteAsync(content, path, mode, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Task closing = Task.WhenAll(OwnThread.RunAsync(_client.Dispose), OwnThread.RunAsync(_uploads.Dispose));
        // A VM that hangs must not hold up the end of the command.
        await Task.WhenAny(closing, Task.Delay(EndLimit)).ConfigureAwait(false);
        _login.Dispose();
    }

    private static Task Start(SshCommand command, string? input, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task end = command.ExecuteAsync(CancellationToken.None);
        if (!string.IsNullOrEmpty(input))
        {
            Stream stdin = command.CreateInputStream();
            // A command that ends without reading its input leaves the feeding behind; it ends with the channel.
            _ = OwnThread.RunAsync(() => Feed(stdin, input));
        }

        return end;
    }

    private static void Feed(Stream stdin, string input)
    {
        try
        {
            stdin.Write(Encoding.UTF8.GetBytes(input));
            stdin.Dispose(); // end of file
        }
        catch (Exception e)
            when (e is SshException or ObjectDisposedException or IOException or InvalidOperationException)
        {
            // The command ended first. Its exit code tells whether that was wrong.
        }
    }

    private async Task EndAsync(SshCommand command, Task start, Task run)
    {
        // Only a command that has been started can be ended, so let its start finish first.
        Task ending = start.ContinueWith(
            task => Terminate(command, task.IsCompletedSuccessfully),
            CancellationToken.None, TaskContinuationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(ending, Task.Delay(EndLimit)).ConfigureAwait(false);
        _ = run.ContinueWith(
            static task => _ = task.Exception,
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private void Terminate(SshCommand command, bool started)
    {
        try
        {
            if (started)
            {
                command.CancelAsync(forceKill: false, GraceMilliseconds);
                if (command is { ExitSignal: null, ExitStatus: null })
                {
                    using SshCommand sweep = _client.CreateCommand(EndAll);
                    sweep.CommandTimeout = EndLimit;
                    sweep.Execute();
                }
            }

            command.Dispose();
        }
        catch (Exception e) when (e is InvalidOperationException or SshException or ObjectDisposedException)
        {
            // It has ended meanwhile, or the VM is gone.
        }
    }

    // Shells say 128 + n for a command that signal n ended.
    private static int ExitCode(SshCommand command) =>
        command.ExitStatus ?? (command.ExitSignal is { } signal ? 128 + Signals.GetValueOrDefault(signal, 0) : -1);
}
