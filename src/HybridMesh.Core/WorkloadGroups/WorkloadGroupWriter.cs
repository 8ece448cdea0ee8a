using System.Text;
using System.Text.Json.Nodes;

namespace HybridMesh.Core;

/// <summary>Makes WorkloadGroups: live, or as a manifest.</summary>
public sealed class WorkloadGroupWriter
{
    private readonly IChangeGate _gate;

    /// <summary>Makes a writer that asks and tells its user through a gate.</summary>
    public WorkloadGroupWriter(IChangeGate gate) => _gate = gate;

    /// <summary>
    /// Applies a group by server-side apply. Null with -WhatIf, which shows what the server's dry run tells, and when
    /// the change was not approved.
    /// </summary>
    /// <exception cref="MeshException">ArgumentInvalid or PortInvalid; Conflict; what the server says.</exception>
    public async Task<WorkloadGroup?> ApplyAsync(
        MeshSession session, WorkloadGroup group, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        Check(group);
        KubernetesKind kind = await session
            .ServedKindAsync(MeshPlane.Control, KubernetesKind.WorkloadGroup, cancellationToken).ConfigureAwait(false);
        ObjectWriter writer = new(session, new ObjectWriterOptions(FieldManagers.Registration)
        {
            ConflictRemedy = "New-WorkloadGroup does not take over what others set: give it the same value, or take "
                + "the field out of the object, and run it again.",
        });
        PlannedChange plan = await writer.PlanApplyAsync(
            MeshPlane.Control, kind, WorkloadGroupManifest.Write(group, kind.ApiVersion), cancellationToken)
            .ConfigureAwait(false);
        if (plan.NeedsWrite && !await _gate.ShouldProcessAsync(plan.Target, plan.Description).ConfigureAwait(false))
        {
            return null;
        }

        PlannedChange done = await writer.CommitAsync(plan, cancellationToken).ConfigureAwait(false);
        _gate.Verbose($"{done.Action} {done.Target}.");
        JsonObject manifest = done.After ?? done.Manifest!;
        return WorkloadGroupManifest.Read(manifest, group.Namespace, done.Target) with { Action = done.Action };
    }

    /// <summary>Writes a group's manifest to a file; null when that was not approved.</summary>
    /// <exception cref="MeshException">ArgumentInvalid or PortInvalid.</exception>
    public async Task<WorkloadGroup?> SaveAsync(
        WorkloadGroup group, string path, IYamlFormat yaml, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        Check(group);
        JsonObject manifest = WorkloadGroupManifest.Write(group, WorkloadGroupManifest.ApiVersion);
        byte[] content = Encoding.UTF8.GetBytes(yaml.Write(manifest));
        byte[]? before = File.Exists(path)
            ? await TextFile.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false) : null;
        ChangeAction action = before is null ? ChangeAction.Created
            : before.AsSpan().SequenceEqual(content) ? ChangeAction.Unchanged : ChangeAction.Updated;
        if (action != ChangeAction.Unchanged)
        {
            string change = $"write the manifest of WorkloadGroup {group.Namespace}/{group.Name}";
            if (!await _gate.ShouldProcessAsync($"File '{path}'", change).ConfigureAwait(false))
            {
                return null;
            }

            await WholeFile.WriteAsync(path, content, isSecret: false, cancellationToken).ConfigureAwait(false);
        }

        return group with { Path = path, Action = action, Manifest = manifest };
    }

    private static void Check(WorkloadGroup group)
    {
        string owner = $"WorkloadGroup {group.Namespace}/{group.Name}";
        LabelSyntax.CheckDnsLabel(group.Namespace, "Namespace");
        LabelSyntax.CheckObjectName(group.Name, "WorkloadGroup");
        LabelSyntax.CheckObjectName(group.ServiceAccount, "ServiceAccount");
        foreach ((string key, string value) in group.Labels)
        {
            LabelSyntax.CheckLabel(key, value, owner, key);
        }

        foreach (string key in group.Annotations.Keys)
        {
            LabelSyntax.CheckKey(key, "annotation", owner, key);
        }

        if (group.Ports.GroupBy(port => port.Number).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new MeshException(
                MeshErrorCode.PortInvalid,
                $"Port {twice.Key} is given more than once ({string.Join(", ", twice)}); a number has one protocol.",
                twice.First().ToString());
        }
    }
}
