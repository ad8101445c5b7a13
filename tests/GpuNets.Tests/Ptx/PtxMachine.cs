namespace GpuNets.Tests.Ptx;

/// <summary>
/// Runs PTX on the host, a group after the other, each thread until it waits for others. Slow, for tests of small sizes: it shows what ILGPU made of a kernel for NVIDIA's
/// GPUs without one. Memory is the host's; an access outside is not noticed. A thread that never comes to where the others wait, and a group that runs for too long, are errors.
/// </summary>
internal sealed unsafe class PtxMachine(string text)
{
    private const int Warp = 32;
    private const long MostSteps = 100_000_000;
    private readonly PtxProgram _program = PtxProgram.Parse(text);
    private PtxStep[]? _steps;

    public PtxProgram Program => _program;

    /// <summary>Launches a grid.</summary>
    /// <param name="parameters">Bytes of the parameters.</param>
    /// <param name="groups">Groups along X, Y and Z.</param>
    /// <param name="size">Threads of each, along X alone.</param>
    /// <param name="dynamicShared">Bytes of shared memory besides what the text has.</param>
    public void Run(byte[] parameters, (int X, int Y, int Z) groups, int size, int dynamicShared)
    {
        fixed (byte* at = parameters)
        {
            var compiler = new PtxSteps(_program);
            _steps ??= compiler.All();
            byte[] shared = new byte[_program.SharedBytes + dynamicShared + 64], local = new byte[(_program.LocalBytes + 16) * size + 64];
            fixed (byte* sharedAt = shared)
            fixed (byte* localAt = local)
            {
                var threads = new PtxThread[size];
                for (int i = 0; i < size; i++) threads[i] = new PtxThread(_program.RegisterCount) { Index = i };
                var launch = new PtxLaunch((nint)at, groups, size);
                for (int group = 0; group < groups.X * groups.Y * groups.Z; group++)
                {
                    // What no thread wrote is NaN.
                    shared.AsSpan().Fill(0xFF);
                    local.AsSpan().Fill(0xFF);
                    foreach (var thread in threads)
                    {
                        Array.Fill(thread.Registers, ulong.MaxValue);
                        (thread.Group, thread.Next, thread.Wait) = ((group % groups.X, group / groups.X % groups.Y, group / groups.X / groups.Y), 0, PtxWait.Runs);
                        thread.Shared = ((nint)sharedAt + 15) & ~15;
                        thread.Local = (((nint)localAt + 15) & ~15) + thread.Index * (_program.LocalBytes + 15 & ~15);
                    }
                    RunGroup(launch, threads);
                }
            }
        }
    }

    private void RunGroup(PtxLaunch launch, PtxThread[] threads)
    {
        long left = MostSteps;
        while (true)
        {
            bool moved = false;
            foreach (var thread in threads)
            {
                if (thread.Wait != PtxWait.Runs) continue;
                moved = true;
                while (thread.Wait == PtxWait.Runs)
                {
                    if (left-- == 0) throw new InvalidOperationException($"PTX: a group of {threads.Length} threads has not ended after {MostSteps} steps; {Places(threads)}");
                    _steps![thread.Next++](launch, thread);
                }
            }
            if (threads.All(thread => thread.Wait == PtxWait.Exited)) return;
            foreach (var warp in threads.Chunk(Warp)) moved |= Together(warp);
            if (threads.All(thread => thread.Wait is PtxWait.Group or PtxWait.Exited))
            {
                foreach (var warp in threads.Chunk(Warp)) CheckAligned(warp);
                foreach (var thread in threads.Where(thread => thread.Wait == PtxWait.Group)) thread.Wait = PtxWait.Runs;
                moved = true;
            }
            if (!moved) throw new InvalidOperationException($"PTX: threads wait for each other; {Places(threads)}");
        }
    }

    /// <summary>Shuffles and barriers of a warp whose threads have all come to the same instruction.</summary>
    private static bool Together(PtxThread[] warp)
    {
        var waiting = warp.Where(thread => thread.Wait != PtxWait.Exited).ToArray();
        if (waiting.Length == 0 || waiting[0].Wait is not (PtxWait.Warp or PtxWait.Shuffle)) return false;
        if (waiting.Any(thread => thread.Wait != waiting[0].Wait || thread.Next != waiting[0].Next)) return false;
        if (waiting[0].Wait == PtxWait.Shuffle)
        {
            ulong[] given = [.. warp.Select(thread => thread.Given)];
            foreach (var thread in waiting) thread.Registers[thread.Answer] = thread.Asked < given.Length ? given[thread.Asked] : thread.Given;
        }
        foreach (var thread in waiting) thread.Wait = PtxWait.Runs;
        return true;
    }

    /// <summary>bar.sync is for warps whose threads come to it together: a GPU may wait forever if some come to another one.</summary>
    private void CheckAligned(PtxThread[] warp)
    {
        var waiting = warp.Where(thread => thread.Wait == PtxWait.Group).ToArray();
        if (waiting.Select(thread => thread.Next).Distinct().Count() > 1 && _program.Instructions[waiting[0].Next - 1].Name.StartsWith("bar.", StringComparison.Ordinal))
            throw new InvalidOperationException($"PTX: threads of a warp wait at different barriers; {Places(waiting)}");
    }

    private string Places(PtxThread[] threads) => string.Join("; ", threads
        .GroupBy(thread => (thread.Wait, thread.Next))
        .Select(place => $"{place.Count()} threads ({place.First().Index}, ...) {place.Key.Wait} behind '{_program.Instructions[Math.Max(0, place.Key.Next - 1)]}' ({place.Key.Next})"));
}

/// <summary>What all threads of a launch share.</summary>
internal sealed record PtxLaunch(nint Parameters, (int X, int Y, int Z) Groups, int Size);

/// <summary>An instruction made ready.</summary>
internal delegate void PtxStep(PtxLaunch launch, PtxThread thread);
