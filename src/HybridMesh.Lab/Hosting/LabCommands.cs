using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HybridMesh.Lab;

/// <summary>The commands of the executable.</summary>
internal static class LabCommands
{
    private const string Usage = """
        HybridMesh.Lab: a whole hybrid mesh on this machine's loopback addresses, for practice only.
          start  [--path DIR] [--vms 3] [--bare-vm NAME,...] [--seed N] [--detached] [--parent-pid PID]
                 --bare-vm: VMs without Istio's package, to install one on
          stop   [--path DIR]
          status [--path DIR]
          fault  vm NAME stop|start|reboot [--path DIR]
          fault  vm NAME app APP stop|start [--path DIR]
          fault  vm NAME sidecar never-ready|ready|dirty-stop|clean-stop [--path DIR]
          fault  vm NAME token expire [--path DIR]
          fault  mesh weights ignore|obey [--path DIR]
          fault  mesh connections pin|spread [--path DIR]
          fault  api data|control conflict|throttle|fail|unavailable|drop N [VERB [RESOURCE]] [--path DIR]
          fault  api data|control none [--path DIR]
          fault  eastwest ip|none [--path DIR]
          fault  eastwest hostname NAME [--path DIR]
          fault  asm vm-operations withdraw|offer [--path DIR]
          fault  asm vm-meta brief|full [--path DIR]
          fault  asm throttle|fail N [--path DIR]
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        CommandLine line = new(arguments);
        if (line.Has("help"))
        {
            Console.WriteLine(Usage);
            return 0;
        }

        switch (line.Words is [var first, ..] ? first : null)
        {
            case "start":
                return await StartAsync(LabOptions.Parse(line)).ConfigureAwait(false);
            case "hello":
                return await HelloApp.RunAsync(line.Options).ConfigureAwait(false);
            case "sidecar":
                return await Sidecar.RunAsync(line.Options).ConfigureAwait(false);
            case "stop":
                return await StopAsync(LabOptions.PathOf(line)).ConfigureAwait(false);
            case "status":
                return await AskAsync(HttpMethod.Get, LabOptions.PathOf(line), "status").ConfigureAwait(false);
            case "fault":
                string path = string.Join('/', line.Words.Skip(1).Select(Uri.EscapeDataString));
                return await AskAsync(HttpMethod.Post, LabOptions.PathOf(line), "faults/" + path).ConfigureAwait(false);
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static async Task<int> StartAsync(LabOptions options)
    {
        Requirements.Check();
        using CancellationTokenSource end = new();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            if (!options.Detached)
            {
                end.Cancel();
            }
        });
        if (options is { ParentId: { } parent, Detached: false })
        {
            _ = ParentWatch.RunAsync(parent, end);
        }

        await using LabHost host = await LabHost.StartAsync(options, end.Token).ConfigureAwait(false);
        Introduce(host.State, options.ParentId is null && !options.Detached);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(end.Token, host.Ended);
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = any.Token.Register(over.SetResult);
        await over.Task.ConfigureAwait(false);
        return 0;
    }

    private static void Introduce(LabState state, bool forPeople)
    {
        Console.WriteLine("This is a practice mesh; nothing in it is meant for production.");
        if (forPeople)
        {
            foreach (string command in (string[])[.. state.SshCommands, .. state.KubectlCommands])
            {
                Console.WriteLine(command);
            }

            Console.WriteLine("Ctrl+C ends it.");
        }

        Console.WriteLine($"ready {state.Path}");
    }

    private static async Task<int> StopAsync(string path)
    {
        LabState state = await ReadAsync(path).ConfigureAwait(false);
        long? start = ProcessTimes.StartOf(state.ProcessId);
        int code = await AskAsync(HttpMethod.Post, path, "stop").ConfigureAwait(false);
        await Waiting.UntilAsync(
            () => start is null || ProcessTimes.StartOf(state.ProcessId) != start, TimeSpan.FromSeconds(30))
            .ConfigureAwait(false);
        return code;
    }

    private static async Task<int> AskAsync(HttpMethod method, string path, string call)
    {
        LabState state = await ReadAsync(path).ConfigureAwait(false);
        using HttpClient client = new() { Timeout = TimeSpan.FromSeconds(60) };
        using HttpRequestMessage request = new(method, new Uri($"{state.AdminEndpoint}/{call}"));
        request.Headers.Authorization = new("Bearer", state.AdminToken);
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(request).ConfigureAwait(false);
            string text = (await answer.Content.ReadAsStringAsync().ConfigureAwait(false)).Trim();
            if (answer.IsSuccessStatusCode)
            {
                Console.WriteLine(text);
                return 0;
            }

            throw new LabException(
                text.Length > 0 ? text : string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)answer.StatusCode}"));
        }
        catch (HttpRequestException e)
        {
            throw new LabException($"No lab answers in '{path}': {e.Message}");
        }
    }

    private static async Task<LabState> ReadAsync(string path)
    {
        try
        {
            string text = await File.ReadAllTextAsync(LabFolder.StateFileOf(path)).ConfigureAwait(false);
            return JsonSerializer.Deserialize<LabState>(text, LabState.Json)!;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new LabException($"No lab is running in '{path}'.");
        }
    }
}
