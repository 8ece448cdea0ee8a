BeforeAll { . $PSScriptRoot/common.ps1 }

Describe 'New-WorkloadGroup' {
    BeforeAll { $null = Connect-TestMesh -Namespace pester-group }

    It 'makes a group in the mesh, once' {
        (New-WorkloadGroup shop -Label @{ app = 'shop' } -Port http:8080).Action | Should -Be 'Created'
        $again = New-WorkloadGroup shop -Label @{ app = 'shop' } -Port http:8080
        $again.Action | Should -Be 'Unchanged'
        $again.Namespace | Should -Be 'pester-group'
    }

    It 'writes a manifest that can be published' {
        $file = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID-group.yaml"
        try {
            (New-WorkloadGroup other -Port http:8080 -Path $file).Path | Should -Be $file
            (Publish-MeshManifest $file).Action | Should -Be 'Created'
        }
        finally {
            Remove-Item $file
        }
    }

    It 'refuses a port that is no number' {
        { New-WorkloadGroup shop -Port http:abc -ErrorAction Stop } | Should -Throw -ErrorId 'PortInvalid,*'
    }

    It 'makes nothing with -WhatIf' {
        New-WorkloadGroup never -WhatIf | Should -BeNullOrEmpty
        { New-VmSidecarConfig -WorkloadGroup never -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
    }
}
