using HybridMesh.Core;

namespace HybridMesh.Ssh.Tests;

/// <summary>Host records on real VMs. The foreign part of their hosts files is odd on purpose.</summary>
[Collection(LabVms.Name)]
public sealed class VmHostRecordsTests(LabVms vms) : IAsyncLifetime
{
    private const string Foreign = "127.0.0.1\\tlocalhost\\n# caf\\351\\n\\n10.9.9.9 theirs  # tail\\n10.9.9.8 nofinal";
    private static readonly HostRecord Svc = new("hello3-svc.ns.svc.cluster.local", "127.19.0.3");

    private string _before = "";

    public async Task InitializeAsync()
    {
        await vms.RunAsync(0, $"printf '{Foreign}' > /etc/hosts; chmod 640 /etc/hosts; chgrp daemon /etc/hosts; rm -f /etc/hosts.*");
        _before = await FileAsync();
    }

    public Task DisposeAsync() => vms.RunAsync(0, "chmod 644 /etc/hosts; chgrp root /etc/hosts");

    [Fact]
    public async Task AddAsync_NewRecord_ResolvesOnTheVmAndLeavesTheRestAlone()
    {
        VmHostRecord record = Assert.Single(await AddAsync(Svc));

        Assert.Equal(ChangeAction.Created, record.Action);
        Assert.Equal(["127.19.0.3"], record.Resolves);
        Assert.Equal("vm1", record.VmName);
        Assert.StartsWith(_before, await FileAsync(), StringComparison.Ordinal);
        Assert.Equal("640 root:daemon", await vms.RunAsync(0, "stat -c '%a %U:%G' /etc/hosts"));
        Assert.Equal("127.19.0.3", (await vms.RunAsync(0, $"getent hosts {Svc.HostName}")).Split(' ')[0]);
        Assert.Equal("", await vms.RunAsync(0, "ls -A /etc | grep -i 'hosts.hybridmesh\\.[^b]' || true"));
    }

    [Fact]
    public async Task AddAsync_Again_WritesNothing()
    {
        await AddAsync(Svc);
        string stat = await vms.RunAsync(0, "stat -c '%i %y %z' /etc/hosts");

        VmHostRecord again = Assert.Single(await AddAsync(Svc));

        Assert.Equal(ChangeAction.Unchanged, again.Action);
        Assert.Equal(["127.19.0.3"], again.Resolves);
        Assert.Equal(stat, await vms.RunAsync(0, "stat -c '%i %y %z' /etc/hosts"));
    }

    [Fact]
    public async Task AddAsync_NotApproved_WritesNothingAndSaysWhatItWould()
    {
        List<string> asked = [];
        ChangeGuard guard = new((target, action) => { asked.Add($"{target}|{action}"); return Task.FromResult(false); }, _ => { });
        await using IRemoteShell shell = await vms.ConnectAsync(0);

        Assert.Empty(await VmHostRecords.AddAsync(shell, [Svc], guard, default));

        Assert.StartsWith("/etc/hosts on VM 'vm1'", Assert.Single(asked), StringComparison.Ordinal);
        Assert.EndsWith($"|Add {Svc}", asked[0], StringComparison.Ordinal);
        Assert.Equal(_before, await FileAsync());
    }

    [Fact]
    public async Task RemoveAsync_LastRecord_RestoresTheFileAndTakesTheBackupAlong()
    {
        await AddAsync(Svc);
        Assert.Equal(_before, await vms.RunAsync(0, "base64 /etc/hosts.hybridmesh.bak | base64 -d | od -An -v -tx1 | tr -d ' \\n'"));
        await AddAsync(Svc with { }, new HostRecord("other", "127.19.0.4"));

        await using IRemoteShell shell = await vms.ConnectAsync(0);
        Assert.Single(await VmHostRecords.RemoveAsync(shell, ["other"], ChangeGuard.None, default));
        Assert.Equal("there", await vms.RunAsync(0, "[ -e /etc/hosts.hybridmesh.bak ] && echo there"));
        VmHostRecord removed = Assert.Single(await VmHostRecords.RemoveAsync(shell, [], ChangeGuard.None, default));

        Assert.Equal(ChangeAction.Removed, removed.Action);
        Assert.Equal(_before, await FileAsync());
        Assert.Equal("gone", await vms.RunAsync(0, "[ -e /etc/hosts.hybridmesh.bak ] || echo gone"));
        VmHostRecord again = Assert.Single(await VmHostRecords.RemoveAsync(shell, [Svc.HostName], ChangeGuard.None, default));
        Assert.Equal(ChangeAction.Unchanged, again.Action);
    }

    [Fact]
    public async Task AddAsync_ManyWritersAtOnce_LoseNoRecord()
    {
        HostRecord[] records = [.. Enumerable.Range(1, 16).Select(i => new HostRecord($"svc{i}", $"127.19.1.{i}"))];

        IReadOnlyList<VmHostRecord>[] results = await Task.WhenAll(records.Select(record => AddAsync(record)));

        Assert.All(results, result => Assert.Equal(ChangeAction.Created, Assert.Single(result).Action));
        await using IRemoteShell shell = await vms.ConnectAsync(0);
        IReadOnlyList<VmHostRecord> there = await VmHostRecords.GetAsync(shell, [], default);
        Assert.Equal(records.Select(r => r.ToString()).Order(), there.Select(r => $"{r.IPAddress} {r.HostName}").Order());
        Assert.StartsWith(_before, await FileAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_HostsFileIsAMountPoint_IsWrittenInPlace()
    {
        await vms.RunAsync(0, "cp /etc/hosts /var/tmp/hosts; mount --bind /var/tmp/hosts /etc/hosts");
        try
        {
            string inode = await vms.RunAsync(0, "stat -c %i /etc/hosts");

            VmHostRecord record = Assert.Single(await AddAsync(Svc));

            Assert.Equal(ChangeAction.Created, record.Action);
            Assert.Equal(["127.19.0.3"], record.Resolves);
            Assert.Equal(inode, await vms.RunAsync(0, "stat -c %i /etc/hosts"));
            Assert.StartsWith(_before, await FileAsync(), StringComparison.Ordinal);
            await using IRemoteShell shell = await vms.ConnectAsync(0);
            await VmHostRecords.RemoveAsync(shell, [], ChangeGuard.None, default);
            Assert.Equal(_before, await FileAsync());
        }
        finally
        {
            await vms.RunAsync(0, "umount /etc/hosts");
        }
    }

    [Fact]
    public async Task AddAsync_UserWithSudo_Writes()
    {
        await vms.RunAsync(0, "chmod 644 /etc/hosts; chgrp root /etc/hosts");
        await vms.AddUserAsync(0, "withsudo");
        await vms.RunAsync(0, "echo 'withsudo ALL=(root) NOPASSWD: ALL' > /etc/sudoers.d/withsudo");
        await using IRemoteShell shell = await vms.ConnectAsync(0, "withsudo");

        VmHostRecord record = Assert.Single(await VmHostRecords.AddAsync(shell, [Svc], ChangeGuard.None, default));

        Assert.Equal(ChangeAction.Created, record.Action);
        Assert.Equal("644 root:root", await vms.RunAsync(0, "stat -c '%a %U:%G' /etc/hosts"));
    }

    [Fact]
    public async Task AddAsync_UserWithoutSudo_IsSudoRequiredWithRemedy()
    {
        await vms.RunAsync(0, "chmod 644 /etc/hosts");
        await vms.AddUserAsync(0, "nosudo");
        await using IRemoteShell shell = await vms.ConnectAsync(0, "nosudo");

        MeshException error = await Assert.ThrowsAsync<MeshException>(
            () => VmHostRecords.AddAsync(shell, [Svc], ChangeGuard.None, default));

        Assert.Equal(MeshErrorCode.SudoRequired, error.Code);
        Assert.Contains("NOPASSWD", error.Message, StringComparison.Ordinal);
        Assert.Equal(_before, await FileAsync());
    }

    [Fact]
    public async Task AddAsync_NoSudoOnTheVm_IsSudoRequired()
    {
        await vms.RunAsync(0, "chmod 644 /etc/hosts; mv /usr/bin/sudo /usr/bin/sudo.off");
        try
        {
            await vms.AddUserAsync(0, "nosudo");
            await using IRemoteShell shell = await vms.ConnectAsync(0, "nosudo");

            MeshException error = await Assert.ThrowsAsync<MeshException>(
                () => VmHostRecords.AddAsync(shell, [Svc], ChangeGuard.None, default));

            Assert.Equal(MeshErrorCode.SudoRequired, error.Code);
            Assert.Contains("sudo is not installed", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await vms.RunAsync(0, "mv /usr/bin/sudo.off /usr/bin/sudo");
        }
    }

    [Fact]
    public async Task AddAsync_ForeignLineHidesTheName_WarnsAndSaysWhatResolves()
    {
        await vms.RunAsync(0, $"echo >> /etc/hosts; echo '127.9.9.7 {Svc.HostName}' >> /etc/hosts");
        List<string> warnings = [];
        await using IRemoteShell shell = await vms.ConnectAsync(0);

        VmHostRecord record = Assert.Single(await VmHostRecords.AddAsync(
            shell, [Svc], ChangeGuard.None with { Warn = warnings.Add }, default));

        Assert.Contains("127.9.9.7", record.Resolves);
        Assert.Contains("line 6", Assert.Single(warnings), StringComparison.Ordinal);
        IReadOnlyList<VmHostRecord> found = await VmHostRecords.GetAsync(shell, [], default);
        Assert.Equal(
            [(HostRecordOwner.Foreign, true, "127.9.9.7"), (HostRecordOwner.HybridMesh, false, "127.19.0.3")],
            found.Select(item => (item.Owner, item.Shadows, item.IPAddress!)));
    }

    [Fact]
    public async Task AddAsync_BlockDamaged_ChangesNothing()
    {
        await vms.RunAsync(0, "printf '\\n# BEGIN HybridMesh (managed block, do not edit)\\n' >> /etc/hosts");
        string damaged = await FileAsync();

        MeshException error = await Assert.ThrowsAsync<MeshException>(() => AddAsync(Svc));

        Assert.Equal(MeshErrorCode.HostsFileDamaged, error.Code);
        Assert.Contains("'vm1'", error.Message, StringComparison.Ordinal);
        Assert.Equal(damaged, await FileAsync());
    }

    [Fact]
    public async Task AddAsync_NoFlockOnTheVm_StillLosesNoRecord()
    {
        await vms.RunAsync(0, "mv /usr/bin/flock /usr/bin/flock.off; mkdir -p /run/hybridmesh-hosts.lock.d; echo 4194303 > /run/hybridmesh-hosts.lock.d/pid");
        try
        {
            HostRecord[] records = [.. Enumerable.Range(1, 6).Select(i => new HostRecord($"svc{i}", $"127.19.1.{i}"))];

            await Task.WhenAll(records.Select(record => AddAsync(record)));

            await using IRemoteShell shell = await vms.ConnectAsync(0);
            Assert.Equal(6, (await VmHostRecords.GetAsync(shell, [], default)).Count);
            Assert.Equal("", await vms.RunAsync(0, "ls -d /run/hybridmesh-hosts.lock.d* 2>/dev/null || true"));
        }
        finally
        {
            await vms.RunAsync(0, "mv /usr/bin/flock.off /usr/bin/flock");
        }
    }

    [Fact]
    public async Task AddAsync_LockHeldByAnother_CanBeCancelledAndEndsAsHostsFileLocked()
    {
        await vms.RunAsync(0, "setsid flock /run/hybridmesh-hosts.lock -c 'echo $$ > /run/holder; exec sleep 600' > /dev/null 2>&1 < /dev/null & "
            + "until [ -s /run/holder ]; do sleep 0.05; done");
        try
        {
            using CancellationTokenSource stop = new(TimeSpan.FromSeconds(1));
            await using IRemoteShell shell = await vms.ConnectAsync(0);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => VmHostRecords.AddAsync(shell, [Svc], ChangeGuard.None, stop.Token));
            Assert.Equal(_before, await FileAsync());

            MeshException error = await Assert.ThrowsAsync<MeshException>(() => AddAsync(Svc));

            Assert.Equal(MeshErrorCode.HostsFileLocked, error.Code);
            Assert.Equal(_before, await FileAsync());
        }
        finally
        {
            await vms.RunAsync(0, "kill $(cat /run/holder); rm /run/holder");
        }
    }

    private async Task<IReadOnlyList<VmHostRecord>> AddAsync(params HostRecord[] records)
    {
        await using IRemoteShell shell = await vms.ConnectAsync(0);
        return await VmHostRecords.AddAsync(shell, records, ChangeGuard.None, CancellationToken.None);
    }

    // As hex, so that every byte counts.
    private Task<string> FileAsync() => vms.RunAsync(0, "od -An -v -tx1 /etc/hosts | tr -d ' \\n'");
}
