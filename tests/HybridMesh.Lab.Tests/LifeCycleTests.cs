using System.Diagnostics;
using System.Globalization;
using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>How labs start and end, and that nothing stays behind.</summary>
public sealed class LifeCycleTests
{
    [Fact]
    public async Task Start_ThreeVms_IsReadyWithinFiveSeconds()
    {
        Stopwatch watch = Stopwatch.StartNew();
        await using LabFixture lab = await LabFixture.StartAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Equal(["v1", "v2", "v3"], lab.Vms.Select(vm => vm.Version));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Combine(lab.Path, "lab.json")));
    }

    [Fact]
    public async Task Start_TwoLabs_RunSideBySide()
    {
        await using LabFixture first = await LabFixture.StartAsync(1);
        await using LabFixture second = await LabFixture.StartAsync(1);

        _ = (await LabFixture.RunOnVmAsync(first.Vms[0], "echo first > /etc/which")).Text;

        Assert.NotEqual(first.Facts.Block, second.Facts.Block);
        Assert.Equal("first", (await LabFixture.RunOnVmAsync(first.Vms[0], "cat /etc/which")).Text);
        Assert.NotEqual(0, (await LabFixture.RunOnVmAsync(second.Vms[0], "cat /etc/which")).ExitCode);
    }

    [Fact]
    public async Task Start_FolderOfARunningLab_IsRefused()
    {
        await using LabFixture lab = await LabFixture.StartAsync(0);

        ProcessResult second = await ProcessResult.RunAsync(
            "dotnet", [RepositoryFiles.LabProgram, "start", "--path", lab.Path]);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("A lab is running in", second.Error, StringComparison.Ordinal);
        Assert.StartsWith("ready", await lab.AdminAsync("status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_NamesEveryFault()
    {
        string help = (await ProcessResult.RunAsync("dotnet", [RepositoryFiles.LabProgram, "--help"])).Text;

        Assert.All(
            (string[])["reboot", "never-ready", "dirty-stop", "token expire", "eastwest", "vm-meta", "--bare-vm"],
            word => Assert.Contains(word, help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_BareVmThatIsNotThere_IsRefused()
    {
        string folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        try
        {
            ProcessResult run = await ProcessResult.RunAsync("dotnet", [
                RepositoryFiles.LabProgram, "start", "--path", folder, "--vms", "1", "--bare-vm", "vm2"]);

            Assert.Equal(2, run.ExitCode);
            Assert.Contains("--bare-vm names 'vm2'", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Start_WithoutRoot_SaysWhatIsMissing()
    {
        ProcessResult run = await ProcessResult.RunAsync(
            "setpriv",
            ["--reuid", "65534", "--clear-groups", "dotnet", RepositoryFiles.LabProgram, "start", "--path", "/x"]);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("root: run it as root or with sudo", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_LeavesNoProcessAndNoMount_AndTheFolderCanBeUsedAgain()
    {
        string folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        try
        {
            using Process lab = await StartAsync(folder);
            IReadOnlyList<int> places = await InhabitantsAsync(folder);

            lab.Kill();
            await LabFixture.WaitForAsync(
                () => Task.FromResult(places.All(id => !Directory.Exists($"/proc/{id}"))), seconds: 30);

            Assert.True(places.Count >= 2, "sshd and the first process of the VM");
            Assert.DoesNotContain(folder, await File.ReadAllTextAsync("/proc/self/mounts"), StringComparison.Ordinal);
            using Process again = await StartAsync(folder);
            await EndAsync(again);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Terminate_EndsEveryProcessAndRemovesTheState()
    {
        string folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        try
        {
            using Process lab = await StartAsync(folder);
            IReadOnlyList<int> places = await InhabitantsAsync(folder);

            await EndAsync(lab);

            Assert.All(places, id => Assert.False(Directory.Exists($"/proc/{id}")));
            Assert.False(File.Exists(Path.Combine(folder, "lab.json")));
            Assert.False(Directory.Exists(Path.Combine(folder, "places")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task ParentsEnd_EndsTheLab()
    {
        string folder = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        try
        {
            using Process parent = Process.Start("sleep", ["600"]);
            using Process lab = await StartAsync(
                folder, "--parent-pid", parent.Id.ToString(CultureInfo.InvariantCulture));

            parent.Kill();

            await lab.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
            Assert.False(File.Exists(Path.Combine(folder, "lab.json")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Process> StartAsync(string folder, params string[] arguments)
    {
        Process lab = Process.Start(new ProcessStartInfo(
            "dotnet", [RepositoryFiles.LabProgram, "start", "--path", folder, "--vms", "1", .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        string? line;
        do
        {
            line = await lab.StandardOutput.ReadLineAsync(limit.Token);
            Assert.NotNull(line);
        }
        while (!line.StartsWith("ready ", StringComparison.Ordinal));
        return lab;
    }

    private static async Task EndAsync(Process lab)
    {
        using Process term = Process.Start("kill", ["-TERM", lab.Id.ToString(CultureInfo.InvariantCulture)]);
        await term.WaitForExitAsync();
        await lab.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
    }

    /// <summary>Every process in the mount namespaces of the lab's places.</summary>
    private static async Task<IReadOnlyList<int>> InhabitantsAsync(string folder)
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder, "processes"));
        HashSet<string?> namespaces = [.. lines.Select(line => Namespace(line.Split(' ')[0]))];
        return [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => name is not null && char.IsAsciiDigit(name[0]) && namespaces.Contains(Namespace(name)))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];
    }

    private static string? Namespace(string processId)
    {
        try
        {
            return new FileInfo($"/proc/{processId}/ns/mnt").LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
