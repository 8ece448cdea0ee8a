BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-remove
}

Describe 'Remove-MeshVmApp' {
    BeforeEach { $null = '10.0.0.1', '10.0.0.2' | New-MeshVmApp hello2-svc http:8001 }

    It 'removes what was made, and nothing the second time' {
        (Remove-MeshVmApp hello2-svc -Confirm:$false).Objects.Action | Select-Object -Unique | Should -Be 'Removed'

        (Remove-MeshVmApp hello2-svc -Confirm:$false).Objects.Action | Select-Object -Unique | Should -Be 'Unchanged'
        Get-WorkloadEntry | Should -BeNullOrEmpty
        Get-MeshService hello2* | Should -BeNullOrEmpty
    }

    It 'takes apps of Get-MeshVmApp' {
        (Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false).ServiceName | Should -Be 'hello2-svc'
    }

    It 'removes nothing with -WhatIf' {
        Remove-MeshVmApp hello2-svc -WhatIf | Should -BeNullOrEmpty

        (Get-MeshVmApp).WorkloadEntries | Should -HaveCount 2
    }
}
