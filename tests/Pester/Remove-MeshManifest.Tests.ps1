BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-remove
    $manifest = Join-Path $TestDrive 'service.yaml'
    Set-Content $manifest @'
apiVersion: v1
kind: Service
metadata: { name: first-svc }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: second-svc }
spec: { ports: [{ name: http, port: 80 }] }
'@
}

AfterAll { Disconnect-Mesh }

Describe 'Remove-MeshManifest' {
    BeforeEach { $null = Publish-MeshManifest $manifest }

    It 'removes the last first, then has nothing to do' {
        $removed = Remove-MeshManifest $manifest -Confirm:$false

        $removed.Name | Should -Be second-svc, first-svc
        $removed.Action | Should -Be Removed, Removed
        (Remove-MeshManifest $manifest -Confirm:$false).Action | Should -Be Unchanged, Unchanged
    }

    It 'removes nothing by -WhatIf' {
        Remove-MeshManifest $manifest -WhatIf | Should -BeNullOrEmpty

        (Get-MeshService *-svc).ServiceName | Should -Be first-svc, second-svc
    }
}
