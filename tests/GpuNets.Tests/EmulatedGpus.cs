namespace GpuNets.Tests;

/// <summary>
/// Tests of <see cref="EmulatedGpu"/>: one after the other, beside all others. Hundreds of threads take part in a launch, so a second one at
/// the same time would only make both wait, and their timeouts would count it.
/// </summary>
[CollectionDefinition(nameof(EmulatedGpus))]
public sealed class EmulatedGpus;
