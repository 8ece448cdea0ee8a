using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace HybridMesh.Testing;

/// <summary>
/// A lab of its own for a class of tests: the built executable as a process, in a temporary folder, on a block of
/// addresses of its own. It ends with <see cref="DisposeAsync"/>, and with the tests' process in any case.
/// </summary>
public sealed class LabFixture : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Process _process;
    private readonly string _folder;

    private LabFixture(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    /// <summary>Everything lab.json says.</summary>
    public LabFacts Facts { get; private set; } = null!;

    /// <summary>The lab's folder.</summary>
    public string Path => _folder;

    /// <summary>The data plane's kubeconfig file.</summary>
    public string Kubeconfig => Facts.Kubeconfig;

    /// <summary>The control plane's kubeconfig file.</summary>
    public string MeshKubeconfig => Facts.MeshKubeconfig;

    /// <summary>The VMs, v1, v2, v3 and so on.</summary>
    public IReadOnlyList<LabVm> Vms { get; private set; } = [];

    /// <summary>Starts a lab and waits until everything in it answers.</summary>
    /// <param name="vms">How many VMs.</param>
    /// <param name="arguments">Further arguments of the executable's start command.</param>
    public static async Task<LabFixture> StartAsync(int vms = 3, params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        Process process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                RepositoryFiles.LabProgram, "start", "--path", folder,
                "--vms", vms.ToString(CultureInfo.InvariantCulture),
                "--parent-pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. arguments,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        LabFixture lab = new(process, folder);
        try
        {
            await lab.WaitUntilReadyAsync();
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a shell command on a VM by OpenSSH's client.</summary>
    public static Task<ProcessResult> RunOnVmAsync(LabVm vm, string command, string? input = null) =>
        ProcessResult.RunAsync(
            "ssh",
            [
                "-F", "none", "-i", vm.KeyFile, "-o", $"UserKnownHostsFile={vm.KnownHostsFile}", "-o", "BatchMode=yes",
                "-o", "ConnectTimeout=10", "-p", vm.SshPort.ToString(CultureInfo.InvariantCulture),
                $"{vm.User}@{vm.SshHost}", command,
            ],
            input);

    /// <summary>Starts the scenario's app on a VM and waits until it answers.</summary>
    public async Task StartAppAsync(LabVm vm, string name = "hello2", string? backend = null)
    {
        string environment = backend is null ? "" : $"-e HTTP_HELLO_BACKEND={backend}";
        _ = (await RunOnVmAsync(vm, $"docker run -d --network host --name {name} {environment} "
            + $"registry.example/demo/http_springboot_{vm.Version}:1.0.1")).Text;
        await WaitForAsync(async () =>
        {
            using HttpResponseMessage answer = await Http.GetAsync(new Uri($"http://{vm.Address}:8001/ready"));
            return answer.IsSuccessStatusCode;
        });
    }

    /// <summary>kubectl on the data plane (or the control plane).</summary>
    public Task<ProcessResult> KubectlAsync(string[] arguments, bool mesh = false, string? input = null) =>
        ProcessResult.RunAsync(
            "kubectl", ["--kubeconfig", mesh ? MeshKubeconfig : Kubeconfig, .. arguments], input);

    /// <summary>The body of a GET from the tests' own process, whatever the status.</summary>
    public static Task<string> GetAsync(string url) => GetAsync(new Uri(url));

    /// <summary>The body of a GET from the tests' own process, whatever the status.</summary>
    public static async Task<string> GetAsync(Uri url)
    {
        using HttpResponseMessage answer = await Http.GetAsync(url);
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>A POST to the admin endpoint, such as <c>faults/vm/vm2/stop</c>; GET for <c>status</c>.</summary>
    public async Task<string> AdminAsync(string path)
    {
        using HttpRequestMessage request = new(
            path == "status" ? HttpMethod.Get : HttpMethod.Post, new Uri($"{Facts.AdminEndpoint}/{path}"));
        request.Headers.Authorization = new("Bearer", Facts.AdminToken);
        using HttpResponseMessage answer = await Http.SendAsync(request);
        string text = (await answer.Content.ReadAsStringAsync()).Trim();
        return answer.IsSuccessStatusCode
            ? text : throw new InvalidOperationException($"{path}: HTTP {(int)answer.StatusCode} {text}");
    }

    /// <summary>Waits until a condition is true; failed calls count as not yet.</summary>
    public static async Task WaitForAsync(Func<Task<bool>> condition, int seconds = 15)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(seconds));
        Exception? last = null;
        while (!limit.IsCancellationRequested)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or InvalidOperationException)
            {
                last = e;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"The condition did not come true within {seconds} s. {last?.Message}", last);
    }

    /// <summary>Ends the lab and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process term = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await term.WaitForExitAsync();
            using CancellationTokenSource limit = new(StartLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilReadyAsync()
    {
        Task<string> error = _process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(StartLimit);
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync(limit.Token);
        }
        while (line is not null && !line.StartsWith("ready ", StringComparison.Ordinal));
        if (line is null)
        {
            throw new InvalidOperationException("The lab did not start: " + await error);
        }

        await using FileStream file = File.OpenRead(System.IO.Path.Combine(_folder, "lab.json"));
        Facts = (await JsonSerializer.DeserializeAsync<LabFacts>(file, JsonSerializerOptions.Web))!;
        Vms = LabVm.Read(Facts.VmPath);
    }
}
