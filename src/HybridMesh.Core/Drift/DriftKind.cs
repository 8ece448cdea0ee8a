namespace HybridMesh.Core;

/// <summary>What disagrees. The names are part of the contract; new ones come at the end of their group.</summary>
public enum DriftKind
{
    // What the VM's app, its WorkloadEntry, cluster.env and the list of VMs say of it
    /// <summary>A WorkloadEntry, cluster.env or the app has another version.</summary>
    VersionDiffers,
    /// <summary>cluster.env and the WorkloadEntry have different labels.</summary>
    LabelsDiffer,
    /// <summary>cluster.env, the WorkloadEntry and the list have different networks.</summary>
    NetworkDiffers,
    /// <summary>cluster.env is of another namespace than the WorkloadEntry.</summary>
    NamespaceDiffers,
    /// <summary>cluster.env and the WorkloadEntry have different service accounts.</summary>
    ServiceAccountDiffers,
    /// <summary>The app did not tell its version though it was asked.</summary>
    AppSilent,

    // WorkloadEntries
    /// <summary>No VM of the list has the entry's address.</summary>
    EntryWithoutVm,
    /// <summary>No entry claims the VM's address.</summary>
    VmWithoutEntry,
    /// <summary>Several entries claim one address of one network for the same service.</summary>
    DuplicateAddress,
    /// <summary>istiod made the entry and its sidecar has been gone for long.</summary>
    EntryDisconnected,
    /// <summary>istiod made the entry for a WorkloadGroup that is no more.</summary>
    GroupMissing,
    /// <summary>No ServiceEntry and no Service selects the entry.</summary>
    EntryNotSelected,
    /// <summary>The entry maps a port that no ServiceEntry which selects it has.</summary>
    PortUnknown,

    // Host records
    /// <summary>The record's address is not the Service's ClusterIP.</summary>
    HostRecordStale,
    /// <summary>The record's Service is no more.</summary>
    HostRecordOrphaned,
    /// <summary>A record of somebody else hides ours or gives a name of the mesh another address.</summary>
    HostRecordShadowed,
    /// <summary>The record hides what the sidecar's DNS would answer.</summary>
    HostRecordHidesDns,
    /// <summary>istiod's record is not the gateway's address.</summary>
    IstiodRecordStale,
    /// <summary>The owner block of the hosts file is damaged.</summary>
    HostsFileDamaged,

    // Sidecars
    /// <summary>There is no sidecar.</summary>
    SidecarAbsent,
    /// <summary>The sidecar does not run.</summary>
    SidecarStopped,
    /// <summary>The sidecar runs and is not ready.</summary>
    SidecarNotReady,
    /// <summary>There is no token, or what is there is none.</summary>
    TokenMissing,
    /// <summary>The token is for somebody else.</summary>
    TokenAudience,
    /// <summary>The token has expired or soon will.</summary>
    TokenExpires,
    /// <summary>A certificate has expired or soon will.</summary>
    CertificateExpires,
    /// <summary>The root certificate is not the mesh's.</summary>
    RootCertificateDiffers,
    /// <summary>The sidecar runs, and no rule leads traffic to it.</summary>
    CaptureMissing,
    /// <summary>The sidecar does not run, and rules still lead traffic to it.</summary>
    CaptureLeft,
}

/// <summary>How bad a disagreement is.</summary>
public enum DriftSeverity
{
    /// <summary>It works, and may not when something changes.</summary>
    Information,
    /// <summary>It will fail, or traffic is not what it seems.</summary>
    Warning,
    /// <summary>Traffic fails or goes to the wrong place.</summary>
    Error,
}
